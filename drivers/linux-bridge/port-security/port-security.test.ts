import assert from 'node:assert/strict'
import { test } from 'node:test'
import { namesOf } from '../network/names.ts'
import { enforcing, lifting } from './port-security.ts'

const names = namesOf()
const portId = '49ccb785-eadb-469d-8c33-e7bc87d37e4e'
const attachment = { portId, networkId: 'net-1', mac: 'fa:16:3e:00:00:01', portSecurity: true }
const withAddresses = (...addresses: string[]) =>
  enforcing(names, { ...attachment, fixedIps: addresses.map((ip_address) => ({ subnet_id: 'sub', ip_address })) })
const rulesIn = (script: string) => script.match(/(?<=add rule .* port-\S+ ).+/g)

test('a guest may send from its own addresses alone, and ask for one by DHCP', () => {
  const own = '{ 0xfe80000000000000f8163efffe000001, 0x20010db8000000000000000000000005 }'
  assert.deepEqual(rulesIn(withAddresses('10.0.0.5', '10.0.0.6', '2001:db8::5')), [
    'ether saddr != { fa:16:3e:00:00:01 } drop',
    'ether type ip udp sport 67 drop',
    'ether type ip6 udp sport 547 drop',
    'icmpv6 type { nd-router-advert, nd-redirect } drop',
    'arp saddr ether != fa:16:3e:00:00:01 drop',
    'arp saddr ip != { 0.0.0.0, 10.0.0.5, 10.0.0.6 } drop',
    'ip saddr 0.0.0.0 udp sport 68 udp dport 67 accept',
    'ip saddr != { 10.0.0.5, 10.0.0.6 } drop',
    'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } ip6 length > 32 drop',
    'icmpv6 type nd-router-solicit ip6 length > 16 drop',
    `icmpv6 type nd-neighbor-advert @th,64,128 != ${own} drop`,
    'icmpv6 type nd-neighbor-advert @th,192,8 2 @th,208,48 != 0xfa163e000001 drop',
    'icmpv6 type nd-neighbor-solicit @th,192,8 1 @th,208,48 != 0xfa163e000001 drop',
    'icmpv6 type nd-router-solicit @th,64,8 1 @th,80,48 != 0xfa163e000001 drop',
    `ip6 saddr :: icmpv6 type nd-neighbor-solicit @th,64,128 ${own} accept`,
    'ip6 saddr :: icmpv6 type { nd-router-solicit, mld2-listener-report } accept',
    'ip6 saddr != { fe80::f816:3eff:fe00:1, 2001:db8::5 } drop',
    'ether type != { ip, arp, ip6 } drop',
  ])
})

test('a guest without an address may send no IPv4 but DHCP, and IPv6 from its link-local address', () => {
  const rules = rulesIn(withAddresses())!
  assert(rules.includes('ether type ip drop'))
  assert(rules.indexOf('ether type ip drop') > rules.indexOf('ip saddr 0.0.0.0 udp sport 68 udp dport 67 accept'))
  assert(rules.includes('ip6 saddr != { fe80::f816:3eff:fe00:1 } drop'))
})

test('an allowed address pair adds addresses to its own MAC alone', () => {
  const pair = (mac_address: string, ip_address: string) => ({ mac_address, ip_address })
  const allowedPairs = [
    pair('fa:16:3e:00:00:01', '10.1.0.0/24'),
    pair('fa:16:3e:00:00:02', '10.0.0.9'),
    pair('fa:16:3e:00:00:02', '2001:db8:1::/64'),
  ]
  const fixedIps = [{ subnet_id: 'sub', ip_address: '10.0.0.5' }]
  const rules = rulesIn(enforcing(names, { ...attachment, fixedIps, allowedPairs }))!
  assert.equal(rules[0], 'ether saddr != { fa:16:3e:00:00:01, fa:16:3e:00:00:02 } drop')
  for (const rule of [
    'ether saddr fa:16:3e:00:00:01 ip saddr != { 10.0.0.5, 10.1.0.0/24 } drop',
    'ether saddr fa:16:3e:00:00:02 ip saddr != { 10.0.0.9 } drop',
    'ether saddr fa:16:3e:00:00:02 ip6 saddr != { fe80::f816:3eff:fe00:2, 2001:db8:1::/64 } drop',
    'ether saddr fa:16:3e:00:00:02 arp saddr ether != fa:16:3e:00:00:02 drop',
  ])
    assert(rules.includes(rule), rule)
  assert(rules.some((rule) => rule.includes('0x20010db8000100000000000000000000-0x20010db800010000ffffffffffffffff')))
})

test('rules are replaced in one transaction, found by the tap, and can be put twice', () => {
  const lines = withAddresses('10.0.0.5').split('\n')
  assert(lines.some((line) => line.endsWith(`guests { "tap49ccb785-ea" : jump port-${portId} }`)))
  const flush = lines.indexOf(`flush chain bridge patchbay-linux-bridge port-${portId}`)
  assert(flush > 0 && flush < lines.findIndex((line) => line.includes('ether saddr')))
})

test('lifting adds what it is about to delete, so that it succeeds when there is nothing', () => {
  const lines = lifting(names, portId).trim().split('\n')
  for (const [index, line] of lines.entries()) {
    const [, kind] = /^delete (\w+)/.exec(line) ?? []
    if (kind)
      assert(
        lines.slice(0, index).some((earlier) => earlier.startsWith(`add ${kind} `)),
        line,
      )
  }
})
