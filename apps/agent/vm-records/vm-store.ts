// The records of this host's VMs: in memory, and one file each. Every change of status, and of how far a move is, is told.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toldStatus, type VmExit, type VmRecord, type VmStatus } from './vm-record.ts'

export interface VmStore {
  get(vmId: string): VmRecord | undefined
  all(): VmRecord[]
  put(record: VmRecord): void
  remove(vmId: string): void
  /** Changes a record that exists and answers it. Throws, with nothing changed, when it cannot be written down. */
  change(vmId: string, change: (record: VmRecord) => VmRecord): VmRecord
  /**
   * The same for what undoes or ends something, which a restart would do again from what was written before: a full
   * disk does not keep it from being done. It is written with the next change that can be.
   */
  settle(vmId: string, change: (record: VmRecord) => VmRecord): VmRecord
  setStatus(vmId: string, status: VmStatus, exit?: VmExit): VmRecord
}

export type VmNews = 'status' | 'progress'

export function openVmStore(dir: string, tell: (record: VmRecord, news: VmNews) => void): VmStore {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const fileOf = (vmId: string) => join(dir, `${vmId}.json`)
  const records = new Map(readAll(dir).map((record) => [record.vmId, record]))

  /** Those whose file is older than they are. */
  const unwritten = new Set<string>()

  function write(record: VmRecord): void {
    const path = fileOf(record.vmId)
    try {
      writeFileSync(`${path}.new`, JSON.stringify(record))
      renameSync(`${path}.new`, path)
    } catch (error) {
      rmSync(`${path}.new`, { force: true })
      throw error
    }
    unwritten.delete(record.vmId)
  }

  function remember(record: VmRecord): void {
    const before = records.get(record.vmId)
    records.set(record.vmId, record)
    if (!before || toldStatus(before) !== toldStatus(record)) tell(record, 'status')
    else if (before.migration && before.migration.progress !== record.migration?.progress) tell(record, 'progress')
  }

  function put(record: VmRecord): void {
    write(record)
    remember(record)
    for (const vmId of unwritten) tryToWrite(records.get(vmId)!)
  }

  function tryToWrite(record: VmRecord): void {
    try {
      write(record)
    } catch {
      unwritten.add(record.vmId)
    }
  }

  function changed(vmId: string, how: (record: VmRecord) => VmRecord): VmRecord {
    const before = records.get(vmId)
    if (!before) throw new Error(`VM ${vmId} is not on this host any more`)
    return how(before)
  }

  function change(vmId: string, how: (record: VmRecord) => VmRecord): VmRecord {
    const record = changed(vmId, how)
    put(record)
    return record
  }

  return {
    get: (vmId) => records.get(vmId),
    all: () => [...records.values()],
    put,
    remove(vmId) {
      rmSync(fileOf(vmId), { force: true })
      records.delete(vmId)
      unwritten.delete(vmId)
    },
    change,
    settle(vmId, how) {
      const record = changed(vmId, how)
      tryToWrite(record)
      remember(record)
      return record
    },
    setStatus: (vmId, status, exit) => change(vmId, (record) => ({ ...record, status, ...(exit && { exit }) })),
  }
}

/** Also clears what a crash left between writing and renaming. */
function readAll(dir: string): VmRecord[] {
  const files = readdirSync(dir)
  for (const file of files.filter((name) => name.endsWith('.new'))) rmSync(join(dir, file))
  return files.filter((name) => name.endsWith('.json')).map((name) => readRecord(join(dir, name)))
}

function readRecord(path: string): VmRecord {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as VmRecord
  } catch (error) {
    throw new Error(`${path} is no record of a VM (${(error as Error).message}): move it away to start without that VM`)
  }
}
