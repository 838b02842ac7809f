import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDomain } from '../domain-xml/domain.ts'
import type { NicCounters } from '../hypervisors/hypervisor.ts'
import { domainXml, testVm } from '../testing/vm-xml.ts'
import type { VmRecord } from '../vm-records/vm-record.ts'
import { newNic } from '../vms/create-vm.ts'
import { vmStats } from './vm-stats.ts'

const vm = testVm(1, 2)
const xml = domainXml(vm).replace('type="virtio"', 'type="rtl8139"')
const record: VmRecord = {
  vmId: vm.vmId,
  name: 'vm1',
  status: 'Up',
  custom: {},
  xml,
  nics: readDomain(xml).nics.map(newNic),
  startedAt: 10_000,
}
const counters = (name: string, mac: string): NicCounters => ({
  name,
  mac,
  rx: 2n ** 60n,
  tx: 99n,
  rxErrors: 0n,
  txErrors: 0n,
  rxDropped: 0n,
  txDropped: 1n,
})

test('totals are strings, however large, under the name of the tap', () => {
  const [first, second] = record.nics
  const { network, ...stats } = vmStats(
    record,
    [counters('vnet0', first!.mac), counters('vnet1', second!.mac)],
    71_900,
  ) as any
  const { sampleTime, ...nic } = network.vnet1
  assert.deepEqual(nic, {
    name: 'vnet1',
    macAddr: second!.mac,
    speed: '1000',
    state: 'unknown',
    rx: '1152921504606846976',
    tx: '99',
    rxErrors: '0',
    txErrors: '0',
    rxDropped: '0',
    txDropped: '1',
  })
  assert.equal(typeof sampleTime, 'number')
  assert.equal(network.vnet0.speed, '100', 'of a NIC that is neither virtio nor e1000')
  const { statusTime, hash, ...others } = stats
  assert.match(statusTime, /^\d+$/)
  assert.match(hash, /^[0-9a-f]{32}$/)
  assert.deepEqual(others, {
    vmId: vm.vmId,
    vmName: 'vm1',
    status: 'Up',
    monitorResponse: '0',
    pauseCode: 'NOERR',
    timeOffset: '0',
    elapsedTime: '61',
  })
})

test('without NICs there is no key network, and the reason of an end shows at the end alone', () => {
  const exit = { exitCode: 1, exitReason: 1, exitMessage: 'why' } as const
  const down = vmStats({ ...record, status: 'Down', exit }, [], 0)
  assert.equal('network' in down, false)
  assert.equal(down.exitMessage, 'why')
  assert.equal(vmStats({ ...record, status: 'Powering down', exit }, [], 0).exitMessage, undefined)
})

test('a VM on the move shows its progress', () => {
  const migration = { code: 0, message: 'Migration in progress', progress: 40 }
  assert.equal(vmStats({ ...record, status: 'Migration Source', migration }, [], 0).migrationProgress, 40)
  assert.equal('migrationProgress' in vmStats({ ...record, migration }, [], 0), false)
})

test('the hash changes with the devices', () => {
  const { hash } = vmStats(record, [], 0)
  assert.equal(vmStats(record, [], 1).hash, hash)
  assert.notEqual(vmStats({ ...record, nics: record.nics.slice(1) }, [], 0).hash, hash)
})

test("a guest's clock is as far from UTC as its domain says", () => {
  const clock = '<clock offset="variable" adjustment="-3600"><timer name="rtc"/></clock>'
  const { timeOffset } = vmStats({ ...record, xml: xml.replace('<devices>', `${clock}<devices>`) }, [], 20_000)
  assert.equal(timeOffset, '-3600')
})
