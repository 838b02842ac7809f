// When a port is ACTIVE: OVN says so, and nobody else.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noOvsdbServer, startOvsdbServer } from '@patchbay/ovsdb/testing/ovsdb-server.ts'
import { eventually, makeNetwork, makePort, nbctl, startOvnProvider } from './testing/ovn-provider.ts'

const skip = noOvsdbServer

test('a port is ACTIVE while OVN says that it is up, and it is not switched off', { skip }, async (t) => {
  const server = await startOvsdbServer(t)
  const provider = await startOvnProvider(t, server)
  const { id: networkId } = await makeNetwork(provider)
  const { id, status, revision_number } = await makePort(provider, networkId)
  assert.equal(status, 'DOWN')
  const up = (value: boolean) => nbctl(server, 'set', 'Logical_Switch_Port', id, `up=${value}`)
  const becomes = (expected: string) => eventually(provider, `/ports/${id}`, ({ port }) => port.status === expected)
  const set = (admin_state_up: boolean) => provider.send('PUT', `/ports/${id}`, { port: { admin_state_up } })
  await up(true)
  const { port: active } = await becomes('ACTIVE')
  assert.equal(active.revision_number, revision_number, 'nobody changed the port')
  assert.deepEqual((await provider.send('GET', '/ports?status=ACTIVE')).body.ports.length, 1)
  assert.equal((await set(false)).body.port.status, 'DOWN')
  await becomes('DOWN')
  assert.equal((await set(true)).body.port.status, 'ACTIVE')
  await becomes('ACTIVE')
  await up(false)
  await becomes('DOWN')
})

test('hosts have nothing to say about it', { skip }, async (t) => {
  const provider = await startOvnProvider(t, await startOvsdbServer(t))
  const { id: networkId } = await makeNetwork(provider)
  const { id } = await makePort(provider, networkId, { 'binding:host_id': 'h1' })
  for (const method of ['PUT', 'DELETE']) {
    const { status, body } = await provider.send(method, `/ports/${id}/wires/h1`)
    assert.deepEqual([status, body.NeutronError?.type], [404, 'HTTPNotFound'])
  }
})
