// A change that cannot be taken over leaves no mirror that is behind: it is made anew from all rows.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noOvsdbServer, startOvsdbServer } from '@patchbay/ovsdb/testing/ovsdb-server.ts'
import { connectNorthbound } from '../northbound.ts'
import { nbctl } from '../testing/ovn-provider.ts'
import { createMirror } from './mirror.ts'

const skip = noOvsdbServer
const id = '6e4ee5a4-14dd-4ee1-a0a5-5c4e0f4a5f5e'
const broken = (uuid: string, table: string) =>
  new Map([[table, [{ kind: 'insert', uuid, before: undefined, row: { _uuid: uuid } }]]]) as never

test('a change that throws is followed by a mirror of all that there is', { skip }, async (t) => {
  const server = await startOvsdbServer(t)
  const northbound = connectNorthbound({ remotes: [server.remote], tls: undefined })
  t.after(() => northbound[Symbol.asyncDispose]())
  const mirror = createMirror(northbound, 1442)
  await northbound.replica.whenSynced()
  const dhcp = ['--', 'create', 'DHCP_Options', 'cidr=10.1.0.0/29', `external_ids:ovirt_network_id=${id}`]
  const port = ['--', 'lsp-add', 'red', 'vm1', '--', 'lsp-set-addresses', 'vm1', '52:54:00:00:00:01 10.1.0.2']
  await nbctl(server, `--id=${id}`, 'create', 'Logical_Switch', 'name=red', ...dhcp, ...port)
  await northbound.replica.waitFor(() => northbound.switchPorts.size === 1, { timeoutMs: 5000 })
  // The mirror was told nothing of it.
  assert.deepEqual([...mirror.tables.networks.all()], [])
  mirror.apply(broken('1e4ee5a4-14dd-4ee1-a0a5-5c4e0f4a5f5e', 'Logical_Switch'))
  assert.equal(mirror.failure, undefined)
  const [network, subnet, vm1] = [
    ...mirror.tables.networks.all(),
    ...mirror.tables.subnets.all(),
    ...mirror.tables.ports.all(),
  ]
  assert.deepEqual([network?.name, subnet?.id], ['red', (network as { subnets?: string[] }).subnets?.[0]])
  assert.deepEqual((vm1 as { fixed_ips?: object[] }).fixed_ips, [{ subnet_id: subnet?.id, ip_address: '10.1.0.2' }])
  const free = Array.from({ length: 5 }, () => mirror.tables.numbers.takeAny(subnet!.id))
  assert.equal(free.filter((number) => number !== undefined).length, 4)
})
