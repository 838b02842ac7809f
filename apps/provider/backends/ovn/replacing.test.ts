// A provider has no state of its own: a new one on the same database answers as the old one did.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noOvsdbServer, startOvsdbServer } from '@patchbay/ovsdb/testing/ovsdb-server.ts'
import { exhaust, makeNetwork, makePort, startOvnProvider } from './testing/ovn-provider.ts'

const skip = noOvsdbServer
const physical = {
  'provider:network_type': 'vlan',
  'provider:physical_network': 'phys1',
  'provider:segmentation_id': 7,
}
const subnetAttributes = {
  name: 'v4',
  description: 'of tests',
  ip_version: 4,
  cidr: '10.5.0.0/28',
  gateway_ip: null,
  allocation_pools: [{ start: '10.5.0.3', end: '10.5.0.6' }],
  dns_nameservers: ['9.9.9.9', '8.8.8.8'],
  host_routes: [{ destination: '10.9.0.0/16', nexthop: '10.5.0.2' }],
}
const portAttributes = {
  name: 'nic1',
  description: 'first',
  device_id: 'vm1',
  device_owner: 'oVirt',
  'binding:host_id': 'h1',
  'binding:profile': { a: 'b' },
  fixed_ips: [{ ip_address: '10.5.0.5' }, { ip_address: '10.5.0.9' }],
}

test('every attribute, the order of lists, quotas and free addresses are those of the provider before', {
  skip,
}, async (t) => {
  const server = await startOvsdbServer(t)
  const old = await startOvnProvider(t, server)
  for (const cidr of ['10.1.0.0/24', '10.2.0.0/24', '10.3.0.0/24']) await makeNetwork(old, cidr, { shared: true })
  const { body } = await old.send('POST', '/networks', { network: { name: 'phys', mtu: 1000, ...physical } })
  const network_id = body.network.id
  const made = await old.send('POST', '/subnets', { subnet: { network_id, ...subnetAttributes } })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const port = await makePort(old, network_id, portAttributes)
  // In one transaction, and so in one second: the order is theirs all the same.
  const many = Array.from({ length: 20 }, (_, index) => ({ network_id, name: `p${index}`, fixed_ips: [] }))
  assert.equal((await old.send('POST', '/ports', { ports: many })).status, 201)
  const changes: [method: string, path: string, body?: object][] = [
    ['PUT', `/networks/${network_id}`, { network: { description: 'changed' } }],
    ['PUT', `/ports/${port.id}/tags/blue`],
    ['PUT', `/networks/${network_id}/tags`, { tags: ['x', 'y'] }],
    [
      'PUT',
      `/ports/${port.id}`,
      { port: { admin_state_up: false, port_security_enabled: false, security_groups: [] } },
    ],
    ['PUT', '/quotas/p1', { quota: { port: 7 } }],
  ]
  for (const change of changes) {
    const { status, body: answer } = await old.send(...change)
    assert.ok(status < 300, `${change[1]}: ${status} ${JSON.stringify(answer)}`)
  }
  const paths = ['/networks', '/subnets', '/ports', '/quotas/p1', '/quotas', `/ports/${port.id}`]
  const answers = ({ send }: typeof old) => Promise.all(paths.map(async (path) => (await send('GET', path)).body))
  const before = await answers(old)
  assert.deepEqual([before[0].networks.length, before[2].ports.length], [4, 21])
  assert.deepEqual([before[5].port.tags, before[5].port.revision_number], [['blue'], 3])
  await old[Symbol.asyncDispose]()
  const next = await startOvnProvider(t, server)
  assert.deepEqual(await answers(next), before)
  assert.deepEqual((await exhaust(next, network_id)).sort(), ['10.5.0.3', '10.5.0.4', '10.5.0.6'])
})
