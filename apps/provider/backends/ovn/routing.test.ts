// What OVN makes of routers: its northd reads the rows, and ovn-trace follows packets through them.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { noOvsdbServer, startOvsdbServer } from '@patchbay/ovsdb/testing/ovsdb-server.ts'
import { startRouted } from '../../testing/test-routers.ts'
import { startNorthd } from './testing/northd.ts'

const skip = noOvsdbServer
/** Groups would have their say, too. */
const open = { port_security_enabled: false, security_groups: [] }
const ipOf = ({ fixed_ips }: any): string => fixed_ips[0].ip_address

async function start(t: TestContext) {
  const server = await startOvsdbServer(t)
  const northd = await startNorthd(t, server)
  const gatewayChassis = ['chassis-1', 'chassis-2']
  const routed = await startRouted(t, { ovn: { remotes: [server.remote], tls: undefined, gatewayChassis } })
  const { red, blue, outer, router, make, get } = routed
  const [inRed, inBlue, outside] = [
    await make('port', { network_id: red.network.id, ...open }),
    await make('port', { network_id: blue.network.id, ...open }),
    await make('port', { network_id: outer.network.id, ...open }),
  ]
  /** What becomes of a packet that a port sends to an address beyond its router. */
  const sent = async (from: any, to: string, protocol = 'udp') => {
    const { ports } = await get(`/ports?device_id=${router.id}&network_id=${from.network_id}`)
    await northd.synced()
    const flow = [
      `inport=="${from.id}"`,
      `eth.src==${from.mac_address}`,
      `eth.dst==${ports[0].mac_address}`,
      `ip4.src==${ipOf(from)}`,
      `ip4.dst==${to}`,
      'ip.ttl==64',
      protocol,
    ]
    return northd.summary(from.network_id, flow.join(' && '))
  }
  return { ...routed, server, northd, inRed, inBlue, outside, sent }
}

const output = ({ id }: any) => new RegExp(`output\\("${id}"\\)`)

test('a router delivers from one of its subnets to another, until it is switched off', { skip }, async (t) => {
  const { inRed, inBlue, router, put, sent } = await start(t)
  const trace = await sent(inRed, ipOf(inBlue))
  assert.match(trace, output(inBlue))
  assert.match(trace, /ip\.ttl--/)
  await put(`/routers/${router.id}`, { router: { admin_state_up: false } })
  assert.doesNotMatch(await sent(inRed, ipOf(inBlue)), /output/)
})

test('a subnet that is disconnected is not reached', { skip }, async (t) => {
  const { inRed, inBlue, blue, router, put, sent } = await start(t)
  await put(`/routers/${router.id}/remove_router_interface`, { subnet_id: blue.subnet.id })
  assert.doesNotMatch(await sent(inRed, ipOf(inBlue)), output(inBlue))
})

test('what goes outside has the address of the gateway, unless enable_snat is off', { skip }, async (t) => {
  const { inRed, inBlue, outside, outer, router, put, sent } = await start(t)
  const gateway = router.external_gateway_info.external_fixed_ips[0].ip_address
  for (const from of [inRed, inBlue]) {
    const trace = await sent(from, ipOf(outside))
    assert.match(trace, output(outside))
    assert.ok(trace.includes(`(ip4.src=${gateway})`), trace)
  }
  const plain = { network_id: outer.network.id, enable_snat: false }
  await put(`/routers/${router.id}`, { router: { external_gateway_info: plain } })
  const trace = await sent(inRed, ipOf(outside))
  assert.match(trace, output(outside))
  assert.doesNotMatch(trace, /snat/)
})

test('what nobody knows goes to the gateway of the external subnet, what a route names to its next hop', {
  skip,
}, async (t) => {
  const { inRed, inBlue, outer, router, make, put, sent } = await start(t)
  const door = await make('port', { network_id: outer.network.id, ...open, fixed_ips: [{ ip_address: '203.0.113.1' }] })
  assert.match(await sent(inRed, '198.51.100.7'), output(door))
  const routes = [{ destination: '198.51.100.0/24', nexthop: ipOf(inBlue) }]
  await put(`/routers/${router.id}`, { router: { routes } })
  assert.match(await sent(inRed, '198.51.100.7'), output(inBlue))
  await put(`/routers/${router.id}`, { router: { routes: [] } })
  assert.match(await sent(inRed, '198.51.100.7'), output(door))
  await put(`/subnets/${outer.subnet.id}`, { subnet: { gateway_ip: null } })
  assert.doesNotMatch(await sent(inRed, '198.51.100.7'), /output/)
})

test('a floating IP stands for its port in both directions, and no longer when it is taken away', {
  skip,
}, async (t) => {
  const { inRed, inBlue, outside, outer, make, put, sent } = await start(t)
  const floating_network_id = outer.network.id
  const floating = await make('floatingip', { floating_network_id, port_id: inRed.id })
  const address = floating.floating_ip_address
  const inward = await sent(outside, address)
  assert.match(inward, output(inRed))
  assert.ok(inward.includes(`(ip4.dst=${ipOf(inRed)})`), inward)
  const outward = await sent(inRed, ipOf(outside))
  assert.ok(outward.includes(`(ip4.src=${address})`), outward)
  await put(`/floatingips/${floating.id}`, { floatingip: { port_id: inBlue.id } })
  assert.match(await sent(outside, address), output(inBlue))
  await put(`/floatingips/${floating.id}`, { floatingip: { port_id: null } })
  assert.doesNotMatch(await sent(outside, address), output(inBlue))
})

test('a floating IP is translated on the host of its port: with that port, and a MAC address of its own', {
  skip,
}, async (t) => {
  const { inRed, outer, make, northd } = await start(t)
  const floating = await make('floatingip', { floating_network_id: outer.network.id, port_id: inRed.id })
  await northd.synced()
  const flows = await northd.sbctl('--bare', '--columns=match,actions', 'find', 'Logical_Flow')
  const answers = flows.split('\n\n').filter((flow) => flow.includes(`arp.tpa == ${floating.floating_ip_address}`))
  assert.ok(
    answers.some((flow) => flow.includes(`is_chassis_resident("${inRed.id}")`)),
    answers.join('\n'),
  )
})

test('a router announces IPv6 subnets as their modes say', { skip }, async (t) => {
  const { red, router, make, connect, northd, put } = await start(t)
  const modes = (mode: string) => ({ ipv6_ra_mode: mode, ipv6_address_mode: mode })
  const announcements = async () => {
    await northd.synced()
    const flows = await northd.sbctl('--bare', '--columns=actions', 'find', 'Logical_Flow')
    return flows.split('\n').filter((actions) => actions.includes('put_nd_ra_opts'))
  }
  const v6 = { network_id: red.network.id, ip_version: 6 }
  assert.deepEqual(await announcements(), [])
  const subnet = await make('subnet', { ...v6, cidr: 'fd00:1::/64', ...modes('slaac') })
  const answer = await connect(router, subnet)
  const [slaac, ...more] = await announcements()
  assert.match(slaac!, /addr_mode = "slaac"/)
  assert.match(slaac!, /mtu = 1450/)
  assert.match(slaac!, /prefix = fd00:1::\/64/)
  assert.deepEqual(more, [])
  await put(`/networks/${red.network.id}`, { network: { mtu: 1300 } })
  assert.match((await announcements())[0]!, /mtu = 1300/)
  const second = await make('subnet', { ...v6, cidr: 'fd00:2::/64', ...modes('slaac') })
  assert.equal((await connect(router, second)).port_id, answer.port_id)
  assert.match((await announcements())[0]!, /prefix = fd00:2::\/64|prefix = fd00:1::\/64.*prefix = fd00:2::\/64/)
  const port = await make('port', { network_id: red.network.id })
  assert.deepEqual(port.fixed_ips.length, 3)
  for (const { id } of [subnet, second]) await put(`/routers/${router.id}/remove_router_interface`, { subnet_id: id })
  assert.deepEqual(await announcements(), [])
})
