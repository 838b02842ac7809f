// The question who runs a VM, with destinations that answer anything.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type VdsmError, vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { createLocks } from '@patchbay/vif-driver/locks.ts'
import { until } from '../../../../lab/until.ts'
import type { VmRecord } from '../../vm-records/vm-record.ts'
import { openVmStore } from '../../vm-records/vm-store.ts'
import { recoverVms } from '../recover.ts'
import type { VmParts } from '../vm-parts.ts'
import { mayContinueHere, settleHandOver } from './hand-over.ts'

const vm: VmRecord = {
  vmId: 'v1',
  name: 'vm1',
  status: 'Migration Source',
  custom: {},
  xml: '<domain><devices/></domain>',
  nics: [],
  startedAt: 0,
  destination: 'host-b',
  handOver: 'told',
}
const failure = { code: 12, message: 'why' }

type Answer = Record<string, unknown> | VdsmError | 'unreachable'

/** `answers`: to VM.getStats, one after the other; the last one stays. `destroyed`: to VM.destroy. */
function bed(t: TestContext, answers: Answer[], destroyed?: VdsmError, isGone = false) {
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-vms-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const did: string[] = []
  const note = (what: string) => async () => void did.push(what)
  const store = openVmStore(dir, () => {})
  store.put(vm)
  const next = () => (answers.length > 1 ? answers.shift()! : answers[0]!)
  const client = {
    async call(method: string) {
      if (method === 'VM.getStats') {
        const answer = next()
        if (answer instanceof Error) throw answer
        return [answer]
      }
      did.push(method)
      if (destroyed) throw destroyed
    },
    close: async () => {},
  }
  const parts = {
    store,
    locks: createLocks(),
    hooks: { runXml: async (_point: string, xml: string) => xml },
    hypervisor: {
      resume: note('resume'),
      destroy: note('destroy'),
      cancelMigration: async () => 'here',
      guests: async () => (isGone ? [] : [{ vmId: 'v1', running: false }]),
    },
    wiring: { connect: note('connect'), afterDeparture: note('release') },
    log: { info() {}, warn() {}, error() {} },
    async connectPeer() {
      if (answers[0] === 'unreachable') {
        next()
        throw new Error('unreachable')
      }
      return { client, host: 'host-b' }
    },
  } as unknown as VmParts
  return { parts, did, store }
}

test('a VM that runs there, in whatever way, or went on from there, has left', async (t) => {
  for (const there of [
    { status: 'Up' },
    { status: 'Paused' },
    { status: 'Migration Source' },
    { status: 'Down', exitReason: 4 },
  ]) {
    const { parts, did, store } = bed(t, [there])
    await settleHandOver(parts, 'v1', failure)
    assert.deepEqual(did, ['destroy'], there.status)
    const { status, exit, handOver, destination } = store.get('v1')!
    assert.deepEqual([status, exit?.exitReason, handOver, destination], ['Down', 4, undefined, undefined])
  }
})

test('a VM that does not run there yet is ended there, and then goes on here', async (t) => {
  for (const there of [{ status: 'Migration Destination' }, { status: 'Down', exitReason: 1 }]) {
    const { parts, did, store } = bed(t, [there])
    await settleHandOver(parts, 'v1', failure)
    assert.deepEqual(did, ['VM.destroy', 'resume'])
    const { status, migration, handOver } = store.get('v1')!
    assert.deepEqual([status, migration?.message, handOver], ['Up', 'why', undefined])
  }
})

test('what is down there is not waited for, even if something of it is left', async (t) => {
  const { parts, did, store } = bed(t, [{ status: 'Down', exitReason: 1 }], vdsmError('VMDestroyFailed'))
  await settleHandOver(parts, 'v1', failure)
  assert.deepEqual(did, ['VM.destroy', 'resume'])
  assert.equal(store.get('v1')!.status, 'Up')
})

test('a VM that could not be ended there is asked for again', async (t) => {
  const arriving = { status: 'Migration Destination' }
  const { parts, did, store } = bed(t, [arriving, { status: 'Up' }], vdsmError('GeneralException'))
  await settleHandOver(parts, 'v1', failure)
  assert.deepEqual(did, ['VM.destroy', 'destroy'])
  assert.equal(store.get('v1')!.exit?.exitReason, 4)
})

test('a destination that cannot be asked is asked again', async (t) => {
  const { parts, did } = bed(t, ['unreachable', vdsmError('RecoveryInProgress'), { status: 'Up' }])
  await settleHandOver(parts, 'v1', failure)
  assert.deepEqual(did, ['destroy'])
})

test('while nobody knows, the VM stays stopped, also for who wants to continue it', async (t) => {
  const { parts, did, store } = bed(t, ['unreachable'])
  await settleHandOver(parts, 'v1', failure, 10)
  const { status, handOver, migration } = store.get('v1')!
  assert.deepEqual([status, handOver], ['Paused', 'told'])
  assert.match(migration!.message, /may run on host-b, which cannot be asked: it stays paused here until VM.cont/)
  await assert.rejects(mayContinueHere(parts, store.get('v1')!), {
    code: 12,
    message: 'VM v1 may run on host-b, which cannot be asked: it must not run here too',
  })
  assert.deepEqual(did, [])
})

test('a destination that knows no such VM may have had it: only somebody who wants that continues it here', async (t) => {
  const { parts, did, store } = bed(t, [vdsmError('NoSuchVM')])
  await settleHandOver(parts, 'v1', failure)
  assert.deepEqual([store.get('v1')!.status, did], ['Paused', []])
  await mayContinueHere(parts, store.get('v1')!)
  assert.equal(store.get('v1')!.handOver, undefined)
})

test('unless this host had begun to take it back', async (t) => {
  const { parts, did, store } = bed(t, [vdsmError('NoSuchVM')])
  store.change('v1', (before) => ({ ...before, handOver: 'takingBack' }))
  await settleHandOver(parts, 'v1', failure)
  assert.deepEqual([store.get('v1')!.status, did], ['Up', ['resume']])
})

test('a VM that runs there is not continued here', async (t) => {
  const { parts } = bed(t, [{ status: 'Up' }])
  await assert.rejects(mayContinueHere(parts, vm), { code: 12, message: /VM v1 runs on host-b/ })
})

test('what somebody settled meanwhile is left alone', async (t) => {
  const { parts, did, store } = bed(t, [{ status: 'Up' }])
  store.change('v1', ({ handOver: _settled, ...before }) => ({ ...before, status: 'Up' }))
  await settleHandOver(parts, 'v1', failure)
  assert.deepEqual([store.get('v1')!.status, did], ['Up', []])
})

test('a VM that is gone here is never taken back: it runs there sooner or later, or was lost', async (t) => {
  const arriving = { status: 'Migration Destination' }
  const moved = bed(t, ['unreachable', arriving, { status: 'Up' }], undefined, true)
  await settleHandOver(moved.parts, 'v1', failure)
  assert.deepEqual(moved.did, ['destroy'])
  assert.equal(moved.store.get('v1')!.exit?.exitReason, 4)
  const lost = bed(t, [vdsmError('NoSuchVM')], undefined, true)
  await settleHandOver(lost.parts, 'v1', failure)
  assert.equal(lost.store.get('v1')!.exit?.exitReason, 9)
  const asked = bed(t, [arriving], undefined, true)
  await settleHandOver(asked.parts, 'v1', failure, 10)
  assert.deepEqual([asked.store.get('v1')!.status, asked.did], ['Paused', []])
  await assert.rejects(mayContinueHere(asked.parts, asked.store.get('v1')!), {
    code: 12,
    message: /nothing to continue/,
  })
})

test('a guest that leaves while its agent starts, unseen by the record, has migrated if its destination runs it', async (t) => {
  for (const [there, exitReason] of [
    [{ status: 'Up' }, 4],
    [vdsmError('NoSuchVM'), 9],
  ] as const) {
    const { parts, did, store } = bed(t, [there], undefined, true)
    store.change('v1', ({ handOver: _unseen, ...before }) => before)
    await recoverVms(parts)
    assert.ok(await until(() => store.get('v1')!.status === 'Down', 30_000))
    assert.equal(store.get('v1')!.exit?.exitReason, exitReason)
    assert.ok(!did.includes('resume'))
  }
})
