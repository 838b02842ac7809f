// The subnet's form: what is wrong with it, and the request it makes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blankSubnet, changedSubnet, subnetMistakes, subnetRequest } from './subnet-form.ts'

const form = { ...blankSubnet, name: 'a', cidr: '10.0.0.0/24' }
const wrong = (change: object) => Object.keys(subnetMistakes({ ...form, ...change })).sort()

test('each mistake is told at its field', () => {
  assert.deepEqual(wrong({}), [])
  assert.deepEqual(wrong({ name: ' ', cidr: '10.0.0.0' }), ['cidr', 'name'])
  assert.deepEqual(wrong({ cidr: '10.0.0.256/24' }), ['cidr'])
  assert.deepEqual(wrong({ gateway: 'fd00::1', dnsServers: '10.0.0.1, x' }), ['dnsServers', 'gateway'])
  assert.deepEqual(wrong({ version: 'v6', cidr: 'fd00::/64', gateway: 'fd00::1' }), [])
})

test('the version follows the network', () => {
  assert.equal(changedSubnet(form, { cidr: 'fd00::/64' }).version, 'v6')
  assert.equal(changedSubnet({ ...form, version: 'v6' }, { cidr: '10.0.0.0/8' }).version, 'v4')
})

test('what is not given is not sent, but a list of servers always is', () => {
  assert.deepEqual(subnetRequest(form), { name: 'a', cidr: '10.0.0.0/24', ip_version: 'v4', dns_servers: [] })
  const full = subnetRequest({ ...form, gateway: '10.0.0.1', dnsServers: '10.0.0.2,10.0.0.3 10.0.0.4' })
  assert.deepEqual([full.gateway, full.dns_servers], ['10.0.0.1', ['10.0.0.2', '10.0.0.3', '10.0.0.4']])
})
