// A VM on OVN is migrated by the engine while another one pings it: there and back, away for a moment only.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { leaseOf, ping } from '../lab/guests/guest.ts'
import { labUnavailable, ovnUnavailable } from '../lab/lab-unavailable.ts'
import { type Constellation, startConstellation } from '../lab/services/constellation.ts'
import { addCluster, addHosts, addProvider, importNetwork } from '../lab/services/engine-scene.ts'
import { until } from '../lab/until.ts'

const pings = 150
const everyMs = 20
/** Or as long as the move itself took, on a machine that has other things to do. Measured on two busy cores: 20 to 60 ms. */
const mostLostMs = 1_500

test('the engine moves a VM on OVN under a stream of pings', {
  skip: labUnavailable() ?? ovnUnavailable(),
}, async (t) => {
  await using constellation = await startConstellation({ hosts: ['host-a', 'host-b'], backend: 'ovn' })
  const { engine, lab } = constellation
  const [mover, peer] = await twoVms(constellation)
  const moverAddress = await leaseOf(lab.host('host-a'), mover!)
  const peerAddress = await leaseOf(lab.host('host-b'), peer!)
  assert.ok(await until(async () => (await ping(lab.host('host-b'), peer!, moverAddress)) === 3, 60_000))
  for (const name of ['host-b', 'host-a']) {
    const command = `ip netns exec vm-${peer} ping -c ${pings} -i ${everyMs / 1000} -W 1 ${moverAddress} || true`
    const pinging = lab.host('host-b').exec(['sh', '-c', command], { timeoutMs: 60_000 })
    const begun = performance.now()
    await engine.post(`/vms/${mover}/migrate`, { host: { name } })
    const movedMs = performance.now() - begun
    const { stdout } = await pinging
    const lost = pings - Number(/(\d+) received/.exec(stdout)?.[1])
    t.diagnostic(`to ${name}: ${lost} of ${pings} pings lost, one every ${everyMs} ms`)
    assert.ok(lost * everyMs <= Math.max(mostLostMs, movedMs), stdout)
    assert.doesNotMatch(stdout, /duplicates/)
    assert.equal(await leaseOf(lab.host(name), mover!), moverAddress)
    assert.equal(await ping(lab.host(name), mover!, peerAddress), 3)
  }
})

/** On host-a and on host-b. Answers their ids. */
async function twoVms({ engine, provider, lab, dataPlane, urls, password }: Constellation): Promise<string[]> {
  const { id: externalId } = await provider.networks.create({ name: 'blue' })
  await provider.subnets.create({ network_id: externalId, ip_version: 4, cidr: '10.0.0.0/24' })
  const place = await addCluster(engine, 'dc')
  await addHosts(
    engine,
    place.clusterId,
    lab.hosts.map(({ name, address }) => ({ name, address })),
  )
  const address = { url: urls.provider, authenticationUrl: urls.identity, password, pluginType: dataPlane.pluginType }
  const providerId = await addProvider(engine, address)
  const { profileId } = await importNetwork(engine, place, { providerId, externalId })
  const ids: string[] = []
  for (const { name } of lab.hosts) {
    const { id } = await engine.post('/vms', { name: `vm-of-${name}`, cluster: { id: place.clusterId } })
    await engine.post(`/vms/${id}/nics`, { name: 'nic1', vnic_profile: { id: profileId } })
    await engine.post(`/vms/${id}/start`, { vm: { host: { name } } })
    ids.push(id)
  }
  return ids
}
