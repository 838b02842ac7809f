// Which host a VM comes to: the one with the fewest, also when many VMs ask at once.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { startTestEngine } from '../testing/test-engine.ts'
import { addHost, startTestHost } from '../testing/test-host.ts'

async function startWithThreeHosts(t: TestContext, vmCount: number) {
  const [b, c] = [await startTestHost(t), await startTestHost(t)]
  const hosts = [await startTestHost(t, [b, c]), b, c] as const
  const engine = await startTestEngine(t)
  const { id: dataCenterId } = await engine.ask('POST', '/datacenters', { name: 'dc' })
  const cluster = await engine.ask('POST', '/clusters', { name: 'c', data_center: { id: dataCenterId } })
  for (const [at, host] of hosts.entries()) await addHost(engine, cluster.id, host, 'abc'[at])
  const vmIds: string[] = []
  for (let at = 0; at < vmCount; at++)
    vmIds.push((await engine.ask('POST', '/vms', { name: `vm-${at}`, cluster: { id: cluster.id } })).id)
  return {
    hosts,
    vmIds,
    counts: () => hosts.map(({ vms }) => vms.size),
    act: (vmId: string, action: string, body: object = {}) => engine.send('POST', `/vms/${vmId}/${action}`, body),
  }
}

test('VMs that are started at once are spread over the hosts, and so are those that leave a host at once', async (t) => {
  const { hosts, vmIds, counts, act } = await startWithThreeHosts(t, 12)
  await Promise.all(vmIds.map((id) => act(id, 'start')))
  assert.deepEqual(counts(), [4, 4, 4])
  const leaving = [...hosts[0].vms.keys()]
  const moved = await Promise.all(leaving.map((id) => act(id, 'migrate')))
  assert.deepEqual(
    moved.map(({ status }) => status),
    [200, 200, 200, 200],
  )
  assert.deepEqual(counts(), [0, 6, 6])
})

test('a VM that could not be started does not count as one of the host that was chosen for it', async (t) => {
  const { hosts, vmIds, counts, act } = await startWithThreeHosts(t, 2)
  hosts[0].answer('VM.create', async () => {
    throw vdsmError('CannotCreateVM', 'no memory')
  })
  const [first, second] = vmIds
  assert.notEqual((await act(first!, 'start')).status, 200)
  hosts[0].answer('VM.create', undefined)
  assert.equal((await act(second!, 'start')).status, 200)
  assert.deepEqual(counts(), [1, 0, 0])
})
