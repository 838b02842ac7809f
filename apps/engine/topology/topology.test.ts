// What is connected to what, as the engine's API tells it: one by one where there is little, counted where there is much.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../../../lab/until.ts'
import { startWithRunningVm } from '../testing/test-running-vm.ts'

const path = '/topology'

test('a vNIC is a path from its provider to its host, and its state follows it', async (t) => {
  const scene = await startWithRunningVm(t)
  const { engine, addNic, nics, host, vmId, hostId, networkId, providerId } = scene
  const { id: nic } = (await addNic()).body
  const { id: loose } = await engine.ask('POST', nics, { name: 'nic2' })
  const read = async (query = '') => shape(await engine.ask('GET', path + query))
  const before = await read()
  const ends = [`vm:${vmId}`, `host:${hostId}`]
  const links = [
    `network:${networkId} > port:${nic} up`,
    `nic:${loose} > ${ends[0]} off`,
    `nic:${nic} > ${ends[0]} up`,
    `port:${nic} > nic:${nic} up`,
    `provider:${providerId} > network:${networkId} up`,
    `${ends.join(' > ')} up`,
  ]
  assert.deepEqual(before.links.sort(), links.sort())
  assert.deepEqual([before.nics, before.broken, before.node(`nic:${loose}`).state], ['2', '0', 'not_connected'])
  assert.deepEqual([before.node(ends[0]!).name, before.node(ends[1]!).state], ['vm', 'up'])

  await engine.ask('POST', `${nics}/${nic}/deactivate`)
  const unplugged = await read()
  assert.equal(unplugged.node(`nic:${nic}`).state, 'unplugged')
  assert.ok(unplugged.links.includes(`port:${nic} > nic:${nic} off`))
  await engine.ask('POST', `${nics}/${nic}/activate`)
  await host.crash()
  const isAway = async () => (await engine.ask('GET', `/hosts/${hostId}`)).status === 'non_responsive'
  assert.ok(await until(isAway, 10_000))
  const away = await read('?broken=true')
  assert.deepEqual([away.node(`nic:${nic}`).state, away.node(ends[1]!).status], ['host_away', 'broken'])
  assert.equal((await read(`?network=${networkId}`)).nics, '1')
  assert.equal((await read('?host=none')).nics, '0')
})

test('many vNICs are counted for each network and host; what is expanded is shown one by one', async (t) => {
  const { engine, nics, vmId, networkId, profileId, clusterId, addNic } = await startWithRunningVm(t)
  await addNic()
  const { id: otherVm } = await engine.ask('POST', '/vms', { name: 'other', cluster: { id: clusterId } })
  for (const name of ['a', 'b'])
    await engine.ask('POST', `/vms/${otherVm}/nics`, { name, vnic_profile: { id: profileId } })
  await engine.ask('POST', nics, { name: 'loose' })
  const read = async (query: string) => shape(await engine.ask('GET', `${path}?max=1${query}`))
  const counted = await read('')
  const group = counted.node(`nics:network:${networkId}`)
  assert.deepEqual([counted.nics, group.members, group.expand, group.status], ['4', '3', networkId, 'up'])
  assert.equal(counted.node('vms:').members, '1', 'a VM that does not run is on no host')
  assert.equal(counted.node(`nic:${group.object}`), undefined)

  const some = await read(`&expand=${otherVm}`)
  assert.equal(some.nodes.filter(({ key }) => key.startsWith('nic:')).length, 2)
  assert.equal(some.node(`nics:network:${networkId}`).members, '1')
  assert.deepEqual([some.node('vms:'), some.node(`vm:${otherVm}`).status], [undefined, 'off'])
  const all = await engine.ask('GET', `${path}?max=4`)
  assert.deepEqual(
    shape(all).nodes.filter(({ members }) => members !== undefined),
    [],
  )
  assert.equal((await read(`&vm=${vmId}`)).nics, '2')

  for (const query of ['max=x', 'max=501', 'max=-1', 'broken=perhaps', `expand=${'a,'.repeat(101)}`])
    assert.equal((await engine.send('GET', `${path}?${query}`)).status, 400, query)
})

function shape({ nics, broken, nodes, links }: any) {
  const all = (nodes.node ?? []) as Record<string, any>[]
  return {
    nics,
    broken,
    nodes: all,
    node: (key: string) => all.find((node) => node.key === key)!,
    links: ((links.link ?? []) as any[]).map(({ from, to, status }) => `${from} > ${to} ${status}`) as string[],
  }
}
