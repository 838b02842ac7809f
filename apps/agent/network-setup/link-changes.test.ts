// What is done to the kernel for a configuration, also where the kernel of this machine could not do it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KernelState, Link } from './kernel-links.ts'
import { layoutOf } from './layout.ts'
import { linkChanges } from './link-changes.ts'
import { planChange, planUndo } from './link-plan.ts'
import { changedBy, type NetworkConfiguration, nothingSetUp } from './network-configuration.ts'
import { readSetupRequest } from './setup-request.ts'

const link = (ifname: string, more: Partial<Link> = {}): Link => ({
  ifname,
  mtu: 1500,
  link_type: 'ether',
  flags: ['UP'],
  addr_info: [],
  ...more,
})
const kernel = (links: Link[], routes: KernelState['routes'] = new Map()): KernelState => ({
  links,
  routes,
  setting: () => undefined,
})
const configured = (networks: object, bondings: object = {}): NetworkConfiguration =>
  changedBy(nothingSetUp, readSetupRequest({ networks, bondings }))
/** Without the settings of IPv6. */
const lines = (changes: ReturnType<typeof linkChanges>) =>
  changes.flatMap((change) => ('ip' in change ? change.ip : 'route' in change ? change.route : []))
const between = (seen: KernelState, before: NetworkConfiguration, target: NetworkConfiguration) =>
  lines(linkChanges(seen, layoutOf(before), layoutOf(target)))

const tagged = configured(
  { red: { bonding: 'bond0', vlan: 20, mtu: 9000 }, mgmt: { bonding: 'bond0', bridged: false } },
  { bond0: { nics: ['eth1', 'eth2'], options: 'mode=1 miimon=100 custom=x', hwaddr: '02:00:00:00:00:01' } },
)

test('bond, VLAN and bridge are made from below, each with the largest MTU that is needed on it', () => {
  assert.deepEqual(between(kernel([link('eth1'), link('eth2')]), nothingSetUp, tagged), [
    'link add name bond0 address 02:00:00:00:00:01 type bond mode 1 miimon 100',
    'link add link bond0 name bond0.20 type vlan id 20',
    'link add name red type bridge stp_state 0 forward_delay 0',
    'link set dev eth1 down',
    'link set dev eth1 master bond0',
    'link set dev eth2 down',
    'link set dev eth2 master bond0',
    'link set dev bond0.20 master red',
    'link set dev eth1 mtu 9000',
    'link set dev eth2 mtu 9000',
    'link set dev bond0 mtu 9000',
    'link set dev bond0 up',
    'link set dev bond0.20 mtu 9000',
    'link set dev bond0.20 up',
    'link set dev red mtu 9000',
    'link set dev red up',
  ])
})

const made = [
  link('eth1', { master: 'bond0', mtu: 9000 }),
  link('eth2', { master: 'bond0', mtu: 9000 }),
  link('bond0', { mtu: 9000, linkinfo: { info_kind: 'bond' } }),
  link('bond0.20', { mtu: 9000, master: 'red', link: 'bond0', linkinfo: { info_kind: 'vlan', info_data: { id: 20 } } }),
  link('red', { mtu: 9000, linkinfo: { info_kind: 'bridge', info_data: { stp_state: 0 } } }),
]

test('what is there is left alone', () => {
  assert.deepEqual(between(kernel(made), tagged, tagged), [])
})

test('a removal goes from above, and lets the NICs go', () => {
  assert.deepEqual(between(kernel(made), tagged, nothingSetUp), [
    'link del red',
    'link del bond0.20',
    'link del bond0',
    'link set dev eth1 nomaster',
    'link set dev eth1 mtu 1500',
    'link set dev eth2 nomaster',
    'link set dev eth2 mtu 1500',
  ])
})

test('a bond with other options is made anew, with all that is on it', () => {
  const other = { ...tagged, bondings: { bond0: { ...tagged.bondings.bond0!, options: 'mode=4' } } }
  const changes = between(kernel(made), tagged, other)
  assert.deepEqual(changes.slice(0, 4), [
    'link del bond0.20',
    'link del bond0',
    'link add name bond0 address 02:00:00:00:00:01 type bond mode 4',
    'link add link bond0 name bond0.20 type vlan id 20',
  ])
  for (const port of ['eth1 master bond0', 'eth2 master bond0', 'bond0.20 master red'])
    assert.ok(changes.includes(`link set dev ${port}`), port)
})

test('what somebody else has a name or a NIC for is not taken', () => {
  const plan = (links: Link[]) => () => planChange(kernel(links), [], layoutOf(tagged))
  const [eth1, eth2] = [link('eth1'), link('eth2')]
  assert.throws(plan([eth1]), { code: 23, message: 'there is no NIC eth2' })
  assert.throws(plan([eth1, eth2, link('red')]), { code: 27 })
  assert.throws(plan([eth1, eth2, link('bond0')]), { code: 25 })
  assert.throws(plan([eth1, { ...eth2, master: 'ovs-system' }]), { code: 24, message: /port of ovs-system/ })
})

test('an undo gives a NIC back its addresses and routes, and another one its default route', () => {
  const address = { family: 'inet', local: '10.1.0.5', prefixlen: 24, scope: 'global' }
  const target = layoutOf(configured({ red: { nic: 'eth1', ipaddr: '10.2.0.5', prefix: 24, defaultRoute: true } }))
  const routes = new Map([
    ['eth1', [{ family: 4 as const, route: '10.9.0.0/16 via 10.1.0.1' }]],
    ['eth9', [{ family: 4 as const, route: 'default via 192.0.2.1 metric 100' }]],
  ])
  const { originals } = planChange(kernel([link('eth1', { addr_info: [address], mtu: 1600 })], routes), [], target)
  const halfway = kernel([
    link('eth1', { master: 'red' }),
    link('red', { linkinfo: { info_kind: 'bridge', info_data: { stp_state: 0 } } }),
  ])
  assert.deepEqual(lines(planUndo(halfway, [], target, originals)), [
    'link del red',
    'link set dev eth1 nomaster',
    'link set dev eth1 mtu 1600',
    'addr add 10.1.0.5/24 brd + dev eth1',
    'route replace 10.9.0.0/16 via 10.1.0.1 dev eth1',
    'route replace default via 192.0.2.1 metric 100 dev eth9',
  ])
})
