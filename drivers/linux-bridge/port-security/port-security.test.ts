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
  assert.deepEqual(rulesIn(withAddresses('10.0.0.5', '10.0.0.6')), [
    'ether saddr != fa:16:3e:00:00:01 drop',
    'arp saddr ether != fa:16:3e:00:00:01 drop',
    'arp saddr ip != { 0.0.0.0, 10.0.0.5, 10.0.0.6 } drop',
    'udp sport 67 drop',
    'ip saddr 0.0.0.0 udp sport 68 udp dport 67 accept',
    'ip saddr != { 10.0.0.5, 10.0.0.6 } drop',
    'ether type != { ip, arp } drop',
  ])
})

test('a guest without an address may send no IP but DHCP', () => {
  const rules = rulesIn(withAddresses())!
  assert(rules.includes('ether type ip drop'))
  assert(rules.indexOf('ether type ip drop') > rules.indexOf('ip saddr 0.0.0.0 udp sport 68 udp dport 67 accept'))
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
