// Frames for everybody on an underlay without multicast, where the provider knows the hosts: to those with ports of the
// network, and from the moment that a host has its first.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LabBedHost } from '@patchbay/vif-driver/testing/lab-bed-host.ts'
import { atOnce } from '@patchbay/vif-driver/testing/lab-guest.ts'
import { until } from '../../../lab/until.ts'
import { countFrames } from '../testing/frame-counters.ts'
import { linuxBridgeTrial, skip } from '../testing/linux-bridge-trial.ts'
import type { FdbEntry } from './forwarding.ts'
import { namesOf } from './names.ts'

// So long that what is seen here is not seen because somebody looked again.
const options = { peers: 'provider', refresh: 600 }
const current = linuxBridgeTrial({ hosts: ['host-a', 'host-b', 'host-c'], options })
const names = namesOf()
/** An address of the trial's subnet that no port has. */
const unused = '10.0.77.77'

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
  assert(await until(async () => (await copiesGoTo(a)).includes(nobody.tunnel_endpoint.ip_address), 30_000))
  const two = await plugged({}, b)
  assert(await one.guest.reaches(two.nic.address))
  await client.ports.remove(id)
})

test('a question for the address of a guest that the provider knows is answered on the host where it is asked', {
  skip,
}, async () => {
  const { bed, plugged } = current()
  const network = await bed.newNetwork({}, { enable_dhcp: false })
  await bed.provider.client.subnets.create({
    ...{ network_id: network.id, ip_version: 6, cidr: 'fd00:77::/64' },
    ...{ enable_dhcp: false, gateway_ip: null },
  })
  const [a, b, c] = bed.hosts as [LabBedHost, LabBedHost, LabBedHost]
  const on = (host: LabBedHost) => plugged({ network_id: network.id }, host)
  const [one, two, three] = [await on(a), await on(b), await on(c)]
  const out = async (host: LabBedHost, ...argv: string[]) => (await host.lab.exec(argv)).stdout.trim()
  const vxlan = `/sys/class/net/${names.vxlan(network.id)}`
  const answers = async (host: LabBedHost) => (await out(host, 'cat', `${vxlan}/brport/neigh_suppress`)) === '1'
  const known = (host: LabBedHost) =>
    out(host, 'ip', 'neigh', 'show', 'dev', names.bridge(network.id), 'nud', 'permanent')
  const addresses = [one, two, three].flatMap(({ nic }) => nic.port.fixed_ips!.map(({ ip_address }) => ip_address))
  const knowsAll = async (host: LabBedHost) => {
    const entries = await known(host)
    return (await answers(host)) && addresses.every((address) => entries.includes(`${address} `))
  }
  // Those that were there first heard of the others from them.
  for (const host of bed.hosts) assert(await until(() => knowsAll(host), 30_000), await known(host))

  const question = (address: string) => `arp operation request arp daddr ip ${address}`
  const counted = await countFrames(b, names.vxlan(network.id), [two.nic.address, unused].map(question))
  for (const { nic } of [two, three]) assert(await one.guest.reaches(nic.address))
  assert(!(await one.guest.reaches(unused, atOnce)))
  const seen = await counted()
  assert(seen[question(unused)]! > 0, 'a question that nobody can answer goes to every host')
  assert.equal(seen[question(two.nic.address)], 0)

  // It may come to other addresses, and says so unasked.
  await bed.provider.client.ports.update(two.nic.port.id, { allowed_address_pairs: [{ ip_address: '10.0.9.9' }] })
  await three.on.unplug()
  for (const host of [a, b]) assert(await until(async () => !(await answers(host)), 30_000))
  assert(await until(async () => (await known(a)) === '', 30_000))
  for (const { on } of [one, two]) await on.unplug()
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
