// Frames for everybody on an underlay without multicast, where the provider knows the hosts: to those with ports of the
// network, and from the moment that a host has its first.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LabBedHost } from '@patchbay/vif-driver/testing/lab-bed-host.ts'
import { until } from '../../../lab/until.ts'
import { linuxBridgeTrial, skip } from '../testing/linux-bridge-trial.ts'
import type { FdbEntry } from './forwarding.ts'
import { namesOf } from './names.ts'

// So long that what is seen here is not seen because somebody looked again.
const options = { peers: 'provider', refresh: 600 }
const current = linuxBridgeTrial({ hosts: ['host-a', 'host-b', 'host-c'], options })
const names = namesOf()

test('a host that comes to a network is sent what is for everybody before its first guest is wired', {
  skip,
}, async () => {
  const { bed, plugged, trial } = current()
  const [a, b, c] = bed.hosts as [LabBedHost, LabBedHost, LabBedHost]
  const one = await plugged({}, a)
  assert.deepEqual(await copiesGoTo(a), [])
  const two = await plugged({}, b)
  assert.deepEqual(await copiesGoTo(a), [b.lab.address])
  assert(await one.guest.reaches(two.nic.address))
  const three = await plugged({}, c)
  for (const other of [one, two]) assert(await other.guest.reaches(three.nic.address))
  assert.deepEqual(await copiesGoTo(b), [a.lab.address, c.lab.address])
  for (const { on } of [one, two, three]) await on.unplug()
  for (const host of bed.hosts) await trial.assertNothingLeft(host)
})

test('hosts that come at the same time find each other', { skip }, async () => {
  const { bed, placed } = current()
  const all = await Promise.all(bed.hosts.map((host) => placed({}, host)))
  await Promise.all(all.map(({ on }) => on.plug()))
  for (const one of all) for (const other of all) if (one !== other) assert(await one.guest.reaches(other.nic.address))
})

test('a host that does not answer keeps nobody from coming, and what an agent missed it learns when it runs again', {
  skip,
}, async () => {
  const { bed, plugged, trial } = current()
  const [a, b] = bed.hosts as [LabBedHost, LabBedHost]
  const one = await plugged({}, a)
  const { client } = bed.provider
  const nobody = { tunnel_endpoint: { ip_address: '198.51.100.7' } }
  const { id } = await client.ports.create({ network_id: bed.network.id })
  await client.send('PUT', '/tunnel-endpoints/nobody', nobody)
  await client.send('PUT', `/ports/${id}/wires/nobody`)
  assert.deepEqual(await copiesGoTo(a), [])
  await trial.restart(a)
  assert(await until(async () => (await copiesGoTo(a)).includes(nobody.tunnel_endpoint.ip_address), 10_000))
  const two = await plugged({}, b)
  assert(await one.guest.reaches(two.nic.address))
  await client.ports.remove(id)
})

/** The hosts to which a host sends a copy of each frame for everybody on the bed's network. */
async function copiesGoTo(host: LabBedHost): Promise<string[]> {
  const link = names.vxlan(current().bed.network.id)
  const { stdout } = await host.lab.exec(['bridge', '-json', 'fdb', 'show', 'dev', link])
  const entries = JSON.parse(stdout) as FdbEntry[]
  return entries
    .filter(({ mac }) => mac === '00:00:00:00:00:00')
    .map(({ dst }) => dst!)
    .sort()
}
