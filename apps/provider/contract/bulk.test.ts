// Several resources made by one request: all of them or none.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestProvider } from '../testing/test-provider.ts'

const ofNetwork = (id: string) => ({ network_id: id })

test('one request makes several networks, subnets or ports, and answers them in order', async (t) => {
  const { send } = await startTestProvider(t)
  const networks = await send('POST', '/networks', { networks: [{ name: 'a' }, { network: { name: 'b' } }] })
  assert.equal(networks.status, 201)
  assert.deepEqual(Object.keys(networks.body), ['networks'])
  assert.deepEqual(
    networks.body.networks.map(({ name }: any) => name),
    ['a', 'b'],
  )
  const [a, b] = networks.body.networks.map(({ id }: any) => id)
  const subnets = await send('POST', '/subnets', {
    subnets: [
      { ...ofNetwork(a), ip_version: 4, cidr: '10.0.0.0/29' },
      { ...ofNetwork(b), ip_version: 4, cidr: '10.0.0.0/29' },
    ],
  })
  assert.equal(subnets.status, 201)
  const ports = await send('POST', '/ports', { ports: [ofNetwork(a), ofNetwork(b), ofNetwork(a)] })
  assert.deepEqual(
    ports.body.ports.map((port: any) => port.fixed_ips[0].ip_address),
    ['10.0.0.2', '10.0.0.2', '10.0.0.3'],
  )
  assert.deepEqual((await send('GET', '/ports')).body.ports, ports.body.ports)
})

test('one is answered as a list too', async (t) => {
  const { send } = await startTestProvider(t)
  const { status, body } = await send('POST', '/networks', { networks: [{}] })
  assert.deepEqual([status, body.networks.length], [201, 1])
})

test('when one cannot be made, none is', async (t) => {
  const { send } = await startTestProvider(t)
  const { id } = (await send('POST', '/networks', { network: {} })).body.network
  await send('POST', '/subnets', { subnet: { ...ofNetwork(id), ip_version: 4, cidr: '10.0.0.0/29' } })
  const mac = '02:00:00:00:00:01'
  const first = { ...ofNetwork(id), mac_address: mac, fixed_ips: [{ ip_address: '10.0.0.2' }] }
  for (const [second, status, type] of [
    [{ ...ofNetwork(id), mac_address: 'zz' }, 400, 'HTTPBadRequest'],
    [{ ...ofNetwork(id), mac_address: mac }, 409, 'MacAddressInUse'],
    [{ ...ofNetwork(id), fixed_ips: [{ ip_address: '10.0.0.2' }] }, 409, 'IpAddressAlreadyAllocated'],
    [{}, 400, 'HTTPBadRequest'],
    ['x', 400, 'HTTPBadRequest'],
    [null, 400, 'HTTPBadRequest'],
  ] as const) {
    const answer = await send('POST', '/ports', { ports: [first, second] })
    assert.deepEqual([answer.status, answer.body.NeutronError.type], [status, type], JSON.stringify(second))
    assert.deepEqual((await send('GET', '/ports')).body.ports, [])
  }
  assert.equal((await send('POST', '/ports', { port: first })).status, 201, 'the address came back')
})

test('what is no list of resources is refused', async (t) => {
  const { send } = await startTestProvider(t)
  for (const [networks, message] of [
    [[], 'Resources required'],
    [{}, 'Body contains invalid data'],
    ['x', 'Body contains invalid data'],
    [null, 'Body contains invalid data'],
    [Array(1001).fill({}), 'More than 1000 networks in one request'],
  ] as const) {
    const { status, body } = await send('POST', '/networks', { networks })
    assert.deepEqual([status, body.NeutronError], [400, { type: 'HTTPBadRequest', message, detail: '' }])
  }
  assert.deepEqual((await send('GET', '/networks')).body.networks, [])
})
