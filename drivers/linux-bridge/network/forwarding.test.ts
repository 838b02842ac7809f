// Which entries change a host's forwarding tables into what the provider knows.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FdbEntry, forwardingLines, replicationLines } from './forwarding.ts'
import { whereabouts } from './whereabouts.ts'

const mac = '02:00:00:00:00:01'
const endpoints = new Map([
  ['a', '192.0.2.1'],
  ['b', '192.0.2.2'],
  ['c', '192.0.2.3'],
])
const port = (wired_hosts: string[], more: object = {}) => ({
  id: 'p',
  mac_address: mac,
  wired_hosts,
  port_security_enabled: true,
  ...more,
})
const seen = (...ports: ReturnType<typeof port>[]) => whereabouts(ports, endpoints, 'a')
const at = (...ips: string[]) => ({ stations: [{ mac, endpoints: ips }], hosts: [...ips].sort(), isComplete: true })

test('a guest is behind the hosts where its port is wired, first the one that the port is bound to', () => {
  assert.deepEqual(seen(port(['b'])), at('192.0.2.2'))
  assert.deepEqual(seen(port(['b', 'c'], { 'binding:host_id': 'c' })), at('192.0.2.3', '192.0.2.2'))
  assert.deepEqual(seen(port(['a', 'b'])), at('192.0.2.2'))
  for (const here of [port(['a']), port([])])
    assert.deepEqual(seen(here), { stations: [], hosts: [], isComplete: true })
})

test('the MACs of its allowed address pairs are there too', () => {
  const pair = (mac_address: string) => ({ mac_address, ip_address: '10.0.0.9' })
  const { stations } = seen(port(['b'], { allowed_address_pairs: [pair(mac), pair('02:00:00:00:00:09')] }))
  assert.deepEqual(
    stations.map((station) => station.mac),
    [mac, '02:00:00:00:00:09'],
  )
})

test('a host whose address nobody knows, or a guest that may send as it likes, means that there may be more', () => {
  assert.equal(seen(port(['z'])).isComplete, false)
  assert.equal(seen(port(['b', 'z'])).isComplete, false)
  assert.deepEqual(seen(port(['b', 'z'])).stations, at('192.0.2.2').stations)
  for (const host of ['a', 'b']) assert.equal(seen(port([host], { port_security_enabled: false })).isComplete, false)
})

const tunnel = (dst: string, flags = ['extern_learn']): FdbEntry => ({
  mac,
  ifname: 'vxl',
  dst,
  flags: ['self', ...flags],
})
const bridged = (ifname = 'vxl', flags = ['extern_learn']): FdbEntry => ({ mac, ifname, flags })
const to = (dst: string) => `fdb replace ${mac} dev vxl dst ${dst} self dynamic extern_learn`
const through = `fdb replace ${mac} dev vxl master dynamic extern_learn`

for (const [what, wanted, entries, lines] of [
  ['nothing is known', at('192.0.2.2'), [], [to('192.0.2.2'), through]],
  ['all is as it should be', at('192.0.2.2'), [tunnel('192.0.2.2'), bridged()], []],
  [
    'what was heard is pinned',
    at('192.0.2.2'),
    [tunnel('192.0.2.2', []), bridged('vxl', [])],
    [to('192.0.2.2'), through],
  ],
  ['the guest is elsewhere now', at('192.0.2.3'), [tunnel('192.0.2.2'), bridged()], [to('192.0.2.3')]],
  [
    'it moves and was heard there',
    at('192.0.2.2', '192.0.2.3'),
    [tunnel('192.0.2.3', []), bridged()],
    [to('192.0.2.3')],
  ],
  ['it was heard on this host', at('192.0.2.2'), [tunnel('192.0.2.2'), bridged('tap1', [])], []],
  [
    'it is gone',
    { stations: [], hosts: [], isComplete: true },
    [tunnel('192.0.2.2'), bridged()],
    [`fdb del ${mac} dev vxl dst 192.0.2.2 self`, `fdb del ${mac} dev vxl master`],
  ],
  [
    'what only was heard may age',
    { stations: [], hosts: [], isComplete: true },
    [tunnel('192.0.2.2', []), bridged('vxl', [])],
    [],
  ],
] as const) {
  test(`entries: ${what}`, () => assert.deepEqual(forwardingLines('vxl', wanted, entries), lines))
}

test('entries for everybody and those of the links themselves are left alone', () => {
  const everybody = { ...tunnel('239.77.0.1', []), mac: '00:00:00:00:00:00', state: 'permanent' }
  const own = { ...bridged('vxl', []), state: 'permanent' }
  assert.deepEqual(forwardingLines('vxl', { stations: [], hosts: [], isComplete: true }, [everybody, own]), [])
})

test('frames for everybody go to the hosts that have ports of the network, and to no others', () => {
  const copyTo = (dst: string): FdbEntry => ({ ...tunnel(dst, []), mac: '00:00:00:00:00:00', state: 'permanent' })
  const now = [copyTo('192.0.2.2'), copyTo('192.0.2.9'), tunnel('192.0.2.7')]
  assert.deepEqual(replicationLines('vxl', at('192.0.2.2', '192.0.2.3'), now), [
    'fdb append 00:00:00:00:00:00 dev vxl dst 192.0.2.3',
    'fdb del 00:00:00:00:00:00 dev vxl dst 192.0.2.9',
  ])
})
