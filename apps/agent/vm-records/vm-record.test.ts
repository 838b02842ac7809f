import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDomain } from '../domain-xml/domain.ts'
import { domainXml, testNic, testVm } from '../testing/vm-xml.ts'
import { newNic } from '../vms/create-vm.ts'
import { domainOf } from '../vms/domain-of.ts'
import { hasProperties, nicOf, toldStatus, type VmRecord, withNic, withStep } from './vm-record.ts'

const vm = testVm(1, 2)
const xml = domainXml(vm)
const record: VmRecord = {
  vmId: vm.vmId,
  name: 'vm1',
  status: 'Up',
  custom: {},
  xml,
  nics: readDomain(xml).nics.map(newNic),
  startedAt: 0,
}
const macs = ({ nics }: VmRecord) => nics.map(({ mac }) => mac)

test('a NIC is found, replaced in its place, added at the end and removed by its MAC address', () => {
  const [first, second] = record.nics
  assert.equal(nicOf(record, first!.mac), first)
  assert.equal(nicOf(record, 'none'), undefined)
  const replaced = withNic(record, first!.mac, { ...first!, driver: 'noop' })
  assert.deepEqual(macs(replaced), macs(record))
  assert.equal(nicOf(replaced, first!.mac)!.driver, 'noop')
  const more = { ...second!, mac: testNic(1, 7).mac }
  assert.deepEqual(macs(withNic(record, more.mac, more)), [...macs(record), more.mac])
  assert.deepEqual(macs(withNic(record, first!.mac, undefined)), [second!.mac])
  assert.deepEqual(macs(withNic(record, 'none', undefined)), macs(record))
  assert.deepEqual(
    withStep(record, second!.mac, 'gone').nics.map(({ step }) => step),
    ['plugging', 'gone'],
  )
  assert.equal(record.nics[1]!.step, 'plugging', 'a record is never changed')
})

test('the domain of a VM has its NICs as they became', () => {
  const [first] = record.nics
  const rewired = withNic(record, first!.mac, { ...first!, xml: first!.xml.replace('blue', 'br-int') })
  assert.match(domainOf(rewired), /<memballoon\/><interface type="bridge">.*bridge="br-int".*bridge="blue"/)
  assert.deepEqual(readDomain(domainOf(withNic(record, first!.mac, undefined))).nics.length, 1)
})

test('a running VM whose guest was asked to end is powering down, for five minutes', () => {
  const asked = { ...record, askedToEndAt: 1_000_000 }
  assert.equal(toldStatus(record, 1_000_000), 'Up')
  assert.equal(toldStatus(asked, 1_000_000), 'Powering down')
  assert.equal(toldStatus(asked, 1_299_999), 'Powering down')
  assert.equal(toldStatus(asked, 1_300_000), 'Up')
  assert.equal(toldStatus({ ...asked, status: 'Down' }, 1_000_001), 'Down')
})

test('a device has hooks only if it has properties', () => {
  assert.equal(hasProperties(undefined), false)
  assert.equal(hasProperties({}), false)
  assert.equal(hasProperties({ a: '' }), true)
})
