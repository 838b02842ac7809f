// What the provider promises, it promises with OVN too: the tests of the contract again, each on a database of its own.
process.env.PATCHBAY_TEST_BACKEND = 'ovn'

const refusals = ['networks', 'subnets', 'ports', 'any-resource', 'accepted'].map((name) => `errors/${name}`)
const resources = [
  'addresses',
  'ipv6',
  'port-bindings',
  'port-extras',
  'routers',
  'router-access',
  'floating-ips',
  'tags',
]
const reading = ['paging', 'ip-availabilities', 'extensions', 'openapi']
// The others: openstack-command takes OVN where it needs it, each of its tests costs seconds; durability is about the
// files of the embedded backend.
const requests = ['bad-http', 'bulk', 'real-engine', 'access', 'quotas']

for (const file of [...refusals, ...resources, ...reading, ...requests]) await import(`../../contract/${file}.test.ts`)
