import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { toldStatus, type VmRecord } from './vm-record.ts'
import { openVmStore } from './vm-store.ts'

const vm: VmRecord = { vmId: 'v1', name: 'vm1', status: 'Up', custom: {}, xml: '<domain/>', nics: [], startedAt: 1 }

const statusIn = (dir: string) => JSON.parse(readFileSync(join(dir, 'v1.json'), 'utf8')).status

function folder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-vms-'))
  t.after(() => rmSync(dir, { recursive: true }))
  return join(dir, 'vms')
}

test('what was written is there when the store is opened again, and what was removed is not', (t) => {
  const dir = folder(t)
  const store = openVmStore(dir, () => {})
  store.put(vm)
  store.put({ ...vm, vmId: 'v2' })
  store.setStatus('v1', 'Down', { exitCode: 1, exitReason: 1, exitMessage: 'why' })
  store.remove('v2')
  store.remove('v2')
  const [again, ...others] = openVmStore(dir, () => {}).all()
  assert.deepEqual(others, [])
  assert.equal(again!.status, 'Down')
  assert.equal(again!.exit!.exitMessage, 'why')
  assert.equal(statSync(dir).mode & 0o777, 0o700, 'properties of NICs are nobody else’s')
})

test('changes of status are told, once each', (t) => {
  const told: string[] = []
  const store = openVmStore(folder(t), (record) => told.push(`${record.vmId} ${toldStatus(record)}`))
  store.put({ ...vm, status: 'WaitForLaunch' })
  store.change('v1', (record) => ({ ...record, name: 'other' }))
  store.setStatus('v1', 'Up')
  store.setStatus('v1', 'Up')
  store.change('v1', (record) => ({ ...record, askedToEndAt: Date.now() }))
  store.setStatus('v1', 'Down')
  assert.deepEqual(told, ['v1 WaitForLaunch', 'v1 Up', 'v1 Powering down', 'v1 Down'])
})

test('how far a move has come is told when it changes, and does not pass for another status', (t) => {
  const told: string[] = []
  const store = openVmStore(folder(t), ({ migration }, news) => told.push(`${news} ${migration?.progress}`))
  const at = (progress: number) =>
    store.change('v1', (record) => ({ ...record, migration: { code: 0, message: 'under way', progress } }))
  store.put({ ...vm, status: 'Migration Source' })
  for (const progress of [0, 0, 40, 40, 90]) at(progress)
  assert.deepEqual(told, ['status undefined', 'progress 40', 'progress 90'])
})

test('a VM that is gone cannot be changed', (t) => {
  const store = openVmStore(folder(t), () => {})
  assert.throws(() => store.setStatus('v1', 'Up'), /VM v1 is not on this host any more/)
})

test('where nothing can be written, nothing is begun, but what was begun is ended; it is written when that can be', (t) => {
  const dir = folder(t)
  const store = openVmStore(dir, () => {})
  store.put(vm)
  mkdirSync(join(dir, 'v1.json.new'))
  assert.throws(() => store.setStatus('v1', 'Paused'))
  assert.equal(store.get('v1')!.status, 'Up')
  store.settle('v1', (record) => ({ ...record, status: 'Down' }))
  assert.equal(store.get('v1')!.status, 'Down')
  assert.equal(statusIn(dir), 'Up')
  rmdirSync(join(dir, 'v1.json.new'))
  store.put({ ...vm, vmId: 'v2' })
  assert.equal(statusIn(dir), 'Down')
})

test('what a crash left half written goes, and a file that is no record is named', (t) => {
  const dir = folder(t)
  openVmStore(dir, () => {}).put(vm)
  writeFileSync(join(dir, 'v1.json.new'), '{"vmId":')
  assert.deepEqual(openVmStore(dir, () => {}).get('v1'), vm)
  assert.deepEqual(readdirSync(dir), ['v1.json'])
  writeFileSync(join(dir, 'v2.json'), '{"vmId":')
  assert.throws(() => openVmStore(dir, () => {}), /vms\/v2\.json is no record of a VM .*: move it away/)
})
