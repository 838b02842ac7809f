// A destination that takes in as many VMs as it may: it is asked again, until it agrees, or nobody wants the move any more.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type VdsmError, vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import type { VmRecord } from '../../vm-records/vm-record.ts'
import type { Peer, VmParts } from '../vm-parts.ts'
import { acceptanceOf } from './acceptance.ts'

const busy = vdsmError('MigrationLimitExceeded')
const times = { retryMs: 1, patienceMs: 10_000 }

/** `answers`: to VM.migrationCreate, one after the other; the last one stays. */
function bed(answers: (object | VdsmError)[]) {
  const did: string[] = []
  const vm = {
    vmId: 'v1',
    xml: '<domain><devices/></domain>',
    nics: [{ mac: 'm', xml: '<interface/>' }],
    startedAt: 0,
  } as unknown as VmRecord
  const records = new Map([['v1', vm]])
  const parts = {
    store: { get: (vmId: string) => records.get(vmId) },
    hooks: { runXml: async (point: string) => void did.push(point) },
    wiring: { beforeDeparture: async () => void did.push('driver') },
  } as unknown as VmParts
  const client = {
    async call(method: string) {
      did.push(method)
      const answer = answers.length > 1 ? answers.shift()! : answers[0]!
      if (answer instanceof Error) throw answer
      return answer
    },
  }
  const cancel = () => records.set('v1', { ...vm, migration: { code: 0, message: '', progress: 0, cancelled: true } })
  return { parts, peer: { client, host: 'host-b' } as unknown as Peer, did, cancel }
}

test('a busy destination is asked again, with the hooks and the driver of the source before', async () => {
  const { parts, peer, did } = bed([busy, busy, { migrationPort: 4711 }])
  assert.equal((await acceptanceOf(parts, peer, 'v1', times)).port, 4711)
  const before = ['driver', 'before_vm_migrate_source', 'VM.migrationCreate']
  assert.deepEqual(did, ['VM.migrationCreate', ...before, ...before])
})

test('one that stays busy is given up with its code', async () => {
  const { parts, peer } = bed([busy])
  await assert.rejects(acceptanceOf(parts, peer, 'v1', { retryMs: 1, patienceMs: 20 }), { code: 82 })
})

test('whatever else it refuses is final', async () => {
  const { parts, peer, did } = bed([vdsmError('CannotCreateVM', 'no room'), { migrationPort: 1 }])
  await assert.rejects(acceptanceOf(parts, peer, 'v1', times), { code: 9 })
  assert.deepEqual(did, ['VM.migrationCreate'])
})

test('a move that is cancelled meanwhile is not asked for again', async () => {
  const { parts, peer, did, cancel } = bed([busy])
  const asked = acceptanceOf(parts, peer, 'v1', { retryMs: 60_000, patienceMs: 60_000 })
  cancel()
  await assert.rejects(asked, /cancelled while the destination was busy/)
  assert.deepEqual(did, ['VM.migrationCreate'])
})
