// What hosts do when the provider's side of a network changes: who is where, its MTU, a port's addresses.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atOnce } from '@patchbay/vif-driver/testing/lab-guest.ts'
import type { LabHost } from '../../../lab/hosts/lab-host.ts'
import { until } from '../../../lab/until.ts'
import { countFrames } from '../testing/frame-counters.ts'
import { linuxBridgeTrial, type Placed, skip } from '../testing/linux-bridge-trial.ts'
import type { FdbEntry } from './forwarding.ts'
import { namesOf } from './names.ts'

const current = linuxBridgeTrial({ hosts: ['host-a', 'host-b', 'host-c'], options: { refresh: 1 } })
const names = namesOf()
const waitMs = 30_000
const out = async (host: LabHost, ...argv: string[]) => (await host.exec(argv)).stdout

test('frames for a guest go to its host alone, also when nobody has heard of it', { skip }, async () => {
  const { bed, plugged, trial } = current()
  const network = await bed.newNetwork({}, { enable_dhcp: false })
  const [a, b, c] = bed.hosts.map(({ lab }) => lab) as [LabHost, LabHost, LabHost]
  const guests = []
  for (const host of bed.hosts) guests.push(await plugged({ network_id: network.id }, host))
  const [one, two, three] = guests as [Placed, Placed, Placed]
  assert(await until(() => leadsTo(a, network.id, two, b), waitMs))
  assert(await until(() => leadsTo(a, network.id, three, c), waitMs))
  assert(await until(() => floods(a, network.id).then((does) => !does), waitMs))

  const strangers = '02:00:00:00:77:77'
  const sentTo = (mac: string) => `ether daddr ${mac}`
  const macs = [two.nic.mac, three.nic.mac, strangers]
  const counted = await countFrames(bed.hosts[2]!, names.vxlan(network.id), macs.map(sentTo))
  for (const [mac, address] of [
    [two.nic.mac, two.nic.address],
    [strangers, '10.0.77.77'],
  ])
    await one.guest.exec(['ip', 'neigh', 'replace', address!, 'lladdr', mac!, 'dev', 'eth0'])
  await two.guest.exec(['ip', 'neigh', 'replace', one.nic.address, 'lladdr', one.nic.mac, 'dev', 'eth0'])
  assert(await one.guest.reaches(two.nic.address))
  assert(!(await one.guest.reaches('10.0.77.77', atOnce)))
  // Frames keep their order: had the others gone everywhere, they would have come before this one.
  assert(await one.guest.reaches(three.nic.address))
  const seen = await counted()
  assert(seen[sentTo(three.nic.mac)]! > 0, 'it is sent what is for its own guest')
  for (const mac of [two.nic.mac, strangers]) assert.equal(seen[sentTo(mac)], 0, mac)

  await bed.provider.client.ports.update(two.nic.port.id, { port_security_enabled: false })
  assert(await until(() => floods(a, network.id), waitMs), 'a guest may have more MACs now')
  await two.on.unplug()
  assert(await until(() => leadsTo(a, network.id, two, b).then((does) => !does), waitMs))
  for (const { on } of [one, three]) await on.unplug()
  for (const host of bed.hosts) await trial.assertNothingLeft(host)
})

test('a guest that moves is followed with its first frame, whatever the entries say', { skip }, async () => {
  const { bed, plugged, trial } = current()
  const network = await bed.newNetwork({}, { enable_dhcp: false })
  const [a, b, c] = bed.hosts.map(({ lab }) => lab) as [LabHost, LabHost, LabHost]
  const moving = await plugged({ network_id: network.id, 'binding:host_id': 'host-a' })
  const near = await plugged({ network_id: network.id })
  const far = await plugged({ network_id: network.id }, bed.hosts[2])
  assert(await until(() => leadsTo(c, network.id, moving, a), waitMs))
  assert(await far.guest.reaches(moving.nic.address))

  const arriving = trial.place(moving.nic, bed.hosts[1]!, moving.on.domxml)
  await arriving.call('migration_destination', 'before')
  await moving.on.removeInterface()
  await arriving.makeInterface()
  await arriving.call('migration_destination', 'after')
  const guest = bed.hosts[1]!.guestOf(moving.nic)
  await guest.exec(['ip', 'neigh', 'replace', far.nic.address, 'lladdr', far.nic.mac, 'dev', 'eth0'])
  // As QEMU does when the guest runs again: one frame to everybody.
  await guest.exec(['ping', '-n', '-q', '-b', '-c', '1', '-W', '1', '10.0.255.255']).catch(() => {})
  assert(await far.guest.reaches(moving.nic.address))
  assert(await near.guest.reaches(moving.nic.address))
  assert(await leadsTo(c, network.id, moving, b))
  await moving.on.call('migration_source', 'after')
  for (const host of [a, c]) assert(await until(() => leadsTo(host, network.id, moving, b), waitMs))
  assert(await near.guest.reaches(moving.nic.address))
})

test('an MTU and the addresses of a port that change apply while the NIC is plugged', { skip }, async () => {
  const { bed, plugged } = current()
  const network = await bed.newNetwork({ mtu: 1400 }, { enable_dhcp: false })
  const [one, other] = [
    await plugged({ network_id: network.id }),
    await plugged({ network_id: network.id }, bed.hosts[1]),
  ]
  const links = [names.bridge(network.id), names.vxlan(network.id), names.tap(one.nic.port.id)]
  const mtus = () => Promise.all(links.map((link) => out(bed.hosts[0]!.lab, 'cat', `/sys/class/net/${link}/mtu`)))
  const { networks, ports } = bed.provider.client
  for (const mtu of [1300, 1450]) {
    await networks.update(network.id, { mtu })
    assert(
      await until(async () => (await mtus()).every((each) => each === `${mtu}\n`), waitMs),
      `${mtu}: ${await mtus()}`,
    )
  }
  await ports.update(one.nic.port.id, { allowed_address_pairs: [{ ip_address: '10.0.9.9' }] })
  await one.guest.exec(['ip', 'addr', 'add', '10.0.9.9/16', 'dev', 'eth0'])
  assert(await until(() => one.guest.reaches(other.nic.address, [...atOnce, '-I', '10.0.9.9']), waitMs))
})

/** Both tables of the host have an entry that leads to the guest's host. */
async function leadsTo(host: LabHost, networkId: string, { nic }: Placed, to: LabHost): Promise<boolean> {
  const link = names.vxlan(networkId)
  const entries = JSON.parse(
    await out(host, 'bridge', '-json', 'fdb', 'show', 'br', names.bridge(networkId)),
  ) as FdbEntry[]
  const own = entries.filter(({ mac, ifname }) => mac === nic.mac && ifname === link)
  return own.some(({ dst }) => dst === to.address) && own.some(({ dst }) => dst === undefined)
}

const floods = async (host: LabHost, networkId: string) =>
  (await out(host, 'cat', `/sys/class/net/${names.vxlan(networkId)}/brport/unicast_flood`)) === '1\n'
