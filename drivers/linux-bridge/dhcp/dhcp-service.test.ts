// What guests get by DHCP, from the server of their own host.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../../../lab/until.ts'
import { offerTo } from '../testing/dhcpv6.ts'
import { linuxBridgeTrial, skip } from '../testing/linux-bridge-trial.ts'
import { withoutPython } from '../testing/raw-frame.ts'
import { leaseOf } from '../testing/udhcpc.ts'

const current = linuxBridgeTrial()
/** Where no answer is expected. */
const once = { attempts: 1 }

test('a guest on each host gets the address of its port, mask, MTU, DNS servers and the default route', {
  skip,
}, async () => {
  const { bed, plugged, hosts } = current()
  const subnet = { cidr: '10.1.0.0/24', dns_nameservers: ['10.1.0.53', '192.0.2.53'] }
  const network = await bed.newNetwork({ mtu: 1400 }, subnet)
  for (const host of hosts) {
    const { guest, nic } = await plugged({ network_id: network.id }, host)
    const lease = await leaseOf(guest)
    assert.equal(lease?.ip, nic.address)
    assert.equal(lease?.mask, '24')
    assert.equal(lease?.mtu, '1400')
    assert.equal(lease?.dns, '10.1.0.53 192.0.2.53')
    assert.equal(lease?.router, '10.1.0.1')
    assert.equal(lease?.staticroutes, undefined)
  }
})

test('host routes are handed out, with the default route among them', { skip }, async () => {
  const { bed, plugged } = current()
  const host_routes = [
    { destination: '192.168.0.0/16', nexthop: '10.2.0.9' },
    { destination: '172.16.1.0/24', nexthop: '10.2.0.8' },
  ]
  const network = await bed.newNetwork({}, { cidr: '10.2.0.0/24', host_routes })
  const lease = await leaseOf((await plugged({ network_id: network.id })).guest)
  assert.deepEqual(lease?.staticroutes?.split(' '), [
    ...['192.168.0.0/16', '10.2.0.9'],
    ...['172.16.1.0/24', '10.2.0.8'],
    ...['0.0.0.0/0', '10.2.0.1'],
  ])
})

test('a subnet without gateway and DNS servers has the guest told of none', { skip }, async () => {
  const { bed, plugged } = current()
  const network = await bed.newNetwork({}, { cidr: '10.3.0.0/24', gateway_ip: null })
  const lease = await leaseOf((await plugged({ network_id: network.id })).guest)
  assert.equal(lease?.router, undefined)
  assert.equal(lease?.dns, undefined)
})

test('a host answers its own guests alone', { skip }, async () => {
  const { bed, plugged, hosts, trial } = current()
  const [near, far] = [await plugged(), await plugged({}, hosts[1])]
  // The far host gets ready for the near guest, so its server knows it as well.
  await trial.place(near.nic, hosts[1], near.on.domxml).call('migration_destination', 'before')
  // A guest whose MAC address is no port of this host, with nothing that keeps it from asking.
  const open = await bed.newNetwork({ port_security_enabled: false })
  const stranger = await plugged({ network_id: open.id })
  await plugged({ network_id: open.id }, hosts[1])
  await stranger.guest.exec(['ip', 'link', 'set', 'eth0', 'address', '02:00:00:00:99:99'])
  assert.equal(await leaseOf(stranger.guest, once), undefined)

  // The far host's server goes on serving when this host's is gone: it must not step in.
  assert.equal((await leaseOf(near.guest))?.ip, near.nic.address)
  await hosts[0].lab.exec(['sh', '-c', `ip netns pids dhcp-${bed.network.id} | xargs kill -9`])
  assert.equal(await leaseOf(near.guest, once), undefined)
  assert.equal((await leaseOf(far.guest))?.ip, far.nic.address)
})

test('a network without DHCP gets no server', { skip }, async () => {
  const { bed, plugged, hosts } = current()
  const network = await bed.newNetwork({}, { enable_dhcp: false })
  const { guest } = await plugged({ network_id: network.id })
  assert.equal(await leaseOf(guest, once), undefined)
  assert.doesNotMatch((await hosts[0].traces()).join('\n'), /dnsmasq|namespace dhcp-/)
})

test('subnets that changed are served as they are now after the next plug', { skip }, async () => {
  const { bed, plugged } = current()
  const network = await bed.newNetwork({}, { cidr: '10.4.0.0/24' })
  const old = await plugged({ network_id: network.id })
  const { subnets } = bed.provider.client
  const [subnet] = await subnets.list({ network_id: network.id })
  await subnets.update(subnet!.id, { dns_nameservers: ['10.4.0.53'] })
  await subnets.create({ network_id: network.id, ip_version: 4, cidr: '10.5.0.0/24' })
  const next = await plugged({ network_id: network.id, fixed_ips: [{ ip_address: '10.5.0.77' }] })
  assert.equal((await leaseOf(old.guest))?.dns, '10.4.0.53')
  const { ip, mask, router } = (await leaseOf(next.guest))!
  assert.deepEqual({ ip, mask, router }, { ip: '10.5.0.77', mask: '24', router: '10.5.0.1' })
})

test('an address that went from one port to another is leased to the one that has it', { skip }, async () => {
  const { bed, plugged } = current()
  const stays = await plugged()
  const goes = await plugged()
  assert.equal((await leaseOf(goes.guest))?.ip, goes.nic.address)
  await goes.on.unplug()
  await bed.provider.client.ports.remove(goes.nic.port.id)
  const comes = await plugged({ fixed_ips: [{ ip_address: goes.nic.address }] })
  assert.equal((await leaseOf(comes.guest))?.ip, goes.nic.address)
  assert.equal((await leaseOf(stays.guest))?.ip, stays.nic.address)
})

test('guests on each host get the IPv6 address of their port: by DHCPv6, or by an announced prefix', {
  skip: skip ?? withoutPython,
}, async () => {
  const { bed, plugged, hosts, trial } = current()
  const ipv6 = (mode: string, cidr: string) => ({
    ...{ ip_version: 6, cidr, ipv6_ra_mode: mode, ipv6_address_mode: mode, dns_nameservers: ['fd00::53'] },
  })
  const stateful = await bed.newNetwork({ mtu: 1400 }, ipv6('dhcpv6-stateful', 'fd00:1::/64'))
  await bed.provider.client.subnets.create({ network_id: stateful.id, ip_version: 4, cidr: '10.6.0.0/24' })
  const slaac = await bed.newNetwork({ mtu: 1400 }, ipv6('slaac', 'fd00:2::/64'))
  for (const host of hosts) {
    const [asking, forming] = [
      await plugged({ network_id: stateful.id }, host),
      await plugged({ network_id: slaac.id }, host),
    ]
    for (const { guest } of [asking, forming]) await guest.exec(['sh', '-c', anew])
    const shown = (guest: typeof asking.guest) => guest.exec(['ip', '-6', 'addr', 'show', 'dev', 'eth0'])
    const isReady = async () => / scope link (?!tentative)/.test(await shown(asking.guest))
    assert(await until(isReady, 30_000))
    const [v6, v4] = ['fd00:1:', '10.6.'].map(
      (start) => asking.nic.port.fixed_ips!.find(({ ip_address: ip }) => ip.startsWith(start))!.ip_address,
    )
    assert.deepEqual(await offerTo(asking.guest, 'stateful'), { ip: v6, dns: 'fd00::53' })
    assert.equal((await leaseOf(asking.guest))?.ip, v4)

    const isFormed = async () => (await shown(forming.guest)).includes(`inet6 ${forming.nic.address}/64 scope global`)
    assert(await until(isFormed, 30_000), forming.nic.address)
    const routes = await forming.guest.exec(['ip', '-6', 'route', 'show'])
    assert.doesNotMatch(routes, /default/)
    assert.equal(await forming.guest.exec(['cat', '/proc/sys/net/ipv6/conf/eth0/mtu']), '1400\n')
    await asking.on.unplug()
    await forming.on.unplug()
    await trial.assertNothingLeft(host)
  }
})

/** A NIC that has just come, of a guest that asks for what the network offers. */
const anew =
  'ip -6 addr flush dev eth0; ip link set eth0 down; ip link set eth0 mtu 1500 addrgenmode eui64; ip link set eth0 up'
