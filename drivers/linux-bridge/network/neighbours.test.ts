// For whom a host answers, and which entries make it do so.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { neighbourLines, neighboursIn } from './neighbours.ts'

const mac = '02:00:00:00:00:01'
const port = (more: object = {}) => ({
  id: 'p',
  mac_address: mac,
  wired_hosts: ['b'],
  fixed_ips: [
    { ip_address: '10.0.0.5', subnet_id: 's' },
    { ip_address: 'fd00::5', subnet_id: 't' },
  ],
  ...more,
})
const both = [
  { ip: '10.0.0.5', mac },
  { ip: 'fd00::5', mac },
]

test('every address of a port that is wired is answered for', () => {
  assert.deepEqual(neighboursIn([port()], true), both)
  assert.deepEqual(neighboursIn([port({ wired_hosts: [] }), port({ fixed_ips: [] })], true), [])
})

test('nobody is answered for where a guest may have more MACs or addresses than its port', () => {
  assert.equal(neighboursIn([port()], false), undefined)
  const pairs = { allowed_address_pairs: [{ mac_address: mac, ip_address: '10.0.0.9' }] }
  assert.equal(neighboursIn([port(), port(pairs)], true), undefined)
  assert.deepEqual(neighboursIn([port(), port({ ...pairs, wired_hosts: [] })], true), both)
})

for (const [what, wanted, entries, lines] of [
  ['nothing is there', both.slice(0, 1), [], [`neigh replace 10.0.0.5 lladdr ${mac} dev br nud permanent`]],
  ['all is as it should be', both, both.map(({ ip }) => ({ dst: ip, lladdr: mac })), []],
  [
    'another guest has the address now',
    both.slice(1),
    [{ dst: 'fd00::5', lladdr: '02:00:00:00:00:02' }],
    [`neigh replace fd00::5 lladdr ${mac} dev br nud permanent`],
  ],
  ['the guest is gone', [], [{ dst: '10.0.0.5', lladdr: mac }], ['neigh del 10.0.0.5 dev br']],
] as const)
  test(`entries: ${what}`, () => assert.deepEqual(neighbourLines('br', wanted, entries), lines))
