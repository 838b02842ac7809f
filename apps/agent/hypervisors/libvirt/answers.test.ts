// What virsh prints, read: lists, events, counters.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseEvent } from './guests/domain-events.ts'
import { parseGuests } from './guests/guest-list.ts'
import { countersOf, interfaceWith } from './guests/live-domain.ts'

const [one, two] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002']

test('guests have ids, names of any kind, and run or not', () => {
  const text = `${one}\n\n${one} vm "a": 1                          \n${two} paused  one                    \n\n`
  assert.deepEqual(parseGuests(text), [
    { vmId: one, name: 'vm "a": 1', running: true },
    { vmId: two, name: 'paused  one', running: false },
  ])
  assert.deepEqual(parseGuests('\n\n'), [])
})

test('events are about a domain of any name; other lines are none', () => {
  assert.deepEqual(parseEvent(`event 'lifecycle' for domain 'vm 'x': 1': Stopped Failed`), {
    kind: 'lifecycle',
    domain: `vm 'x': 1`,
    detail: 'Stopped Failed',
  })
  assert.equal(parseEvent(`event 'device-removed' for domain 'vm1': ua-1`)?.detail, 'ua-1')
  for (const line of ['', 'qemu:///system', 'events received: 3']) assert.equal(parseEvent(line), undefined)
})

const domain = `<domain><devices>
  <interface type="bridge"><mac address="02:00:00:00:00:01"/><target dev="vnet0"/></interface>
  <interface type="bridge"><mac address="02:00:00:00:00:02"/><target dev="vnet1"/></interface></devices></domain>`

test('counters are those of the NIC whose tap they name; a NIC that the domain has no more has none', () => {
  const stats = `Domain: 'vm1'
  net.count=2
  net.0.name=vnet1
  net.0.rx.bytes=18446744073709551615
  net.0.tx.bytes=7
  net.0.tx.drop=1
  net.1.name=vnet9
  net.1.rx.bytes=5`
  assert.deepEqual(countersOf(stats, domain), [
    {
      name: 'vnet1',
      mac: '02:00:00:00:00:02',
      rx: 18446744073709551615n,
      tx: 7n,
      rxErrors: 0n,
      txErrors: 0n,
      rxDropped: 0n,
      txDropped: 1n,
    },
  ])
  assert.deepEqual(countersOf('', domain), [])
})

test('an interface is found by its MAC', () => {
  assert.match(interfaceWith(domain, '02:00:00:00:00:02')!, /vnet1/)
  assert.equal(interfaceWith(domain, '02:00:00:00:00:03'), undefined)
  assert.equal(interfaceWith('<domain/>', '02:00:00:00:00:03'), undefined)
})
