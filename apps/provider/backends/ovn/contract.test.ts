// What the provider promises, it promises with OVN too: the tests of the contract again, each on a database of its own.
process.env.PATCHBAY_TEST_BACKEND = 'ovn'

const refusals = ['networks', 'subnets', 'ports', 'any-resource', 'accepted'].map((name) => `errors/${name}`)
const resources = ['port-bindings', 'routers', 'router-access', 'floating-ips']

for (const file of ['addresses', 'bulk', ...refusals, 'paging', ...resources, 'real-engine', 'tags', 'access'])
  await import(`../../contract/${file}.test.ts`)
