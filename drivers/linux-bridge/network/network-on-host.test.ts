// What a network is on a host: made with its first port, gone with its last, and mended by the next plug.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atOnce } from '@patchbay/vif-driver/testing/lab-guest.ts'
import type { LabHost } from '../../../lab/hosts/lab-host.ts'
import { until } from '../../../lab/until.ts'
import { linuxBridgeTrial, type Placed, skip } from '../testing/linux-bridge-trial.ts'
import { leaseOf } from '../testing/udhcpc.ts'
import { namesOf } from './names.ts'

const current = linuxBridgeTrial()
const names = namesOf()
const sh = async (host: LabHost, script: string) => (await host.exec(['sh', '-c', script])).stdout.trim()

test('the first port of a network brings all that the network is, the last one takes it away', { skip }, async () => {
  const { trial, hosts, bed, plugged } = current()
  const one = await plugged()
  const { id } = bed.network
  const traces = (await hosts[0].traces()).join('\n')
  for (const link of [names.bridge(id), names.vxlan(id), names.dhcpLink(id), names.tap(one.nic.port.id)])
    assert.match(traces, new RegExp(`^link ${link}$`, 'm'))
  assert.match(traces, new RegExp(`^namespace ${names.dhcpNamespace(id)}$`, 'm'))
  assert.match(traces, /^table bridge patchbay-linux-bridge$/m)
  assert.match(traces, /^process dnsmasq /m)
  assert.match(traces, new RegExp(`/ports/${one.nic.port.id}\\.json$`, 'm'))
  await one.on.unplug()
  await trial.assertNothingLeft()
})

test('of two ports on one network, the one that stays goes on carrying frames to the other host', {
  skip,
}, async () => {
  const { plugged, hosts } = current()
  const [one, other, far] = [await plugged(), await plugged(), await plugged({}, hosts[1])]
  await one.on.unplug()
  assert(await other.guest.reaches(far.nic.address))
})

test('frames of the size that the network promises cross the hosts in one piece', { skip }, async () => {
  const { plugged, hosts, bed } = current()
  const [near, far] = [await plugged(), await plugged({}, hosts[1])]
  // 28 bytes of IP and ICMP headers.
  const payload = `${bed.network.mtu! - 28}`
  assert(await near.guest.reaches(far.nic.address, ['-M', 'do', '-s', payload]))
})

test('networks on one host do not hear each other, also with the same addresses', { skip }, async () => {
  const { plugged, bed } = current()
  const [blue, red] = [await bed.newNetwork(), await bed.newNetwork()]
  const at = (network: { id: string }, ip_address: string) =>
    plugged({ network_id: network.id, fixed_ips: [{ ip_address }] })
  const one = await at(blue, '10.0.0.10')
  const other = await at(red, '10.0.0.10')
  await at(red, '10.0.0.20')
  assert(!(await one.guest.reaches('10.0.0.20', atOnce)))
  assert(await other.guest.reaches('10.0.0.20'))
})

test('the provider shows a port as wired where it is, and as ACTIVE on the host it is bound to', { skip }, async () => {
  const { plugged, hosts, bed, trial } = current()
  const { ports } = bed.provider.client
  const one = await plugged({ 'binding:host_id': hosts[0].name })
  const { id } = one.nic.port
  const shown = async () => {
    const { status, wired_hosts } = await ports.get(id)
    return { status, wired_hosts }
  }
  assert.deepEqual(await shown(), { status: 'ACTIVE', wired_hosts: ['host-a'] })

  const arriving = trial.place(one.nic, hosts[1], one.on.domxml)
  await arriving.call('migration_destination', 'before')
  await arriving.makeInterface()
  await arriving.call('migration_destination', 'after')
  assert.deepEqual(await shown(), { status: 'ACTIVE', wired_hosts: ['host-a', 'host-b'] })
  await one.on.removeInterface()
  await one.on.call('migration_source', 'after')
  assert.deepEqual(await shown(), { status: 'DOWN', wired_hosts: ['host-b'] })
})

test('a plug does not end before the port forwards, nor is the provider told', { skip }, async () => {
  const { placed, plugged, bed } = current()
  const { on, nic } = await placed()
  await on.call('plug_device', 'before')
  await on.makeInterface()
  const guest = bed.hosts[0]!.guestOf(nic)
  await guest.exec(['ip', 'link', 'set', 'eth0', 'down'])
  let ended = false
  const plugging = on.call('plug_device', 'after').then(() => {
    ended = true
  })
  // Another NIC's whole way takes longer than this call would, did it not wait.
  await plugged()
  assert.equal(ended, false)
  assert.deepEqual((await bed.provider.client.ports.get(nic.port.id)).wired_hosts, [])
  await guest.exec(['ip', 'link', 'set', 'eth0', 'up'])
  await plugging
  assert.deepEqual((await bed.provider.client.ports.get(nic.port.id)).wired_hosts, ['host-a'])
})

test('twenty ports of one network can be plugged at once, and unplugged', { skip }, async () => {
  const { placed, trial } = current()
  const all = await Promise.all(Array.from({ length: 20 }, () => placed()))
  await Promise.all(all.map(({ on }) => on.plug()))
  const [first] = all as [Placed]
  const reached = await Promise.all(all.slice(1).map(({ nic }) => first.guest.reaches(nic.address)))
  assert.deepEqual(
    reached,
    reached.map(() => true),
  )
  assert.notEqual(await leaseOf(all.at(-1)!.guest), undefined)
  await Promise.all(all.map(({ on }) => on.unplug()))
  await trial.assertNothingLeft()
})

test('networks that come and go at once keep and leave what each needs', { skip }, async () => {
  const { bed, placed, trial, hosts } = current()
  const networks = [bed.network, await bed.newNetwork()]
  let staying = await placed({ network_id: networks[0]!.id })
  await staying.on.plug()
  for (let round = 1; round <= 6; round++) {
    const coming = await placed({ network_id: networks[round % 2]!.id })
    await Promise.all([staying.on.unplug(), coming.on.plug()])
    const rules = await sh(hosts[0].lab, 'nft list table bridge patchbay-linux-bridge')
    assert.match(rules, new RegExp(`port-${coming.nic.port.id} `), `round ${round}`)
    assert.doesNotMatch(rules, new RegExp(`port-${staying.nic.port.id} `), `round ${round}`)
    staying = coming
  }
  await staying.on.unplug()
  await trial.assertNothingLeft()
})

for (const [what, remove] of [
  ['the bridge', (id: string) => `ip link del ${names.bridge(id)}`],
  ['the VXLAN device', (id: string) => `ip link del ${names.vxlan(id)}`],
  ['the link of the DHCP server', (id: string) => `ip link del ${names.dhcpLink(id)}`],
] as const) {
  test(`${what} that somebody deleted is made again by the next plug, also for the ports that were there`, {
    skip,
  }, async () => {
    const { plugged, hosts, bed, trial } = current()
    const [old, far] = [await plugged(), await plugged({}, hosts[1])]
    await sh(hosts[0].lab, remove(bed.network.id))
    const next = await plugged()
    assert(await old.guest.reaches(far.nic.address))
    assert(await next.guest.reaches(old.nic.address))
    assert.equal((await leaseOf(old.guest))?.ip, old.nic.address)
    for (const one of [old, far, next]) await one.on.unplug()
    await trial.assertNothingLeft()
  })
}

test('a dnsmasq that somebody killed is started again by the next plug', { skip }, async () => {
  const { plugged, hosts, bed } = current()
  const old = await plugged()
  const pids = () => sh(hosts[0].lab, `ip netns pids ${names.dhcpNamespace(bed.network.id)}`)
  process.kill(Number(await pids()), 'SIGKILL')
  assert(await until(async () => (await pids()) === '', 20_000))
  const next = await plugged()
  assert.equal((await leaseOf(next.guest))?.ip, next.nic.address)
  assert.equal((await leaseOf(old.guest))?.ip, old.nic.address)
})
