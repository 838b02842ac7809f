// A process as noted on disk, so that somebody else can end it later without ever hitting a reused pid.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export interface ProcessRecord {
  pid: number
  /** Clock ticks since boot (proc(5), /proc/PID/stat field 22): with the pid, unique until the next boot. */
  startTime: string
  command: string
}

/** Throws when there is no such process. */
export function recordProcess(file: string, pid: number, command: string): ProcessRecord {
  const stat = processStat(pid)
  if (!stat) throw new Error(`process ${pid} (${command}) is gone already`)
  const record = { pid, startTime: stat.startTime, command }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(record))
  return record
}

export const forgetProcess = (file: string) => rmSync(file, { force: true })

export function readRecords(dir: string): ProcessRecord[] {
  return listDir(dir)
    .map((name) => readRecord(join(dir, name)))
    .filter((record) => record !== undefined)
}

/** Undefined when the file is missing or was cut short. */
export function readRecord(file: string): ProcessRecord | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/** A zombie counts as gone: it holds nothing but its pid until its parent looks. */
export function isAlive(record: ProcessRecord): boolean {
  const stat = processStat(record.pid)
  return stat !== undefined && stat.startTime === record.startTime && stat.state !== 'Z' && stat.state !== 'X'
}

export function signalProcess(record: ProcessRecord, signal: NodeJS.Signals): void {
  if (!isAlive(record)) return
  try {
    process.kill(record.pid, signal)
  } catch {
    // It ended between the look and the signal.
  }
}

function processStat(pid: number): { state: string; startTime: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // Field 2 is the command in parentheses and may contain anything; the fields after it start at the last one.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0]!, startTime: fields[19]! }
  } catch {
    return undefined
  }
}

function listDir(dir: string): string[] {
  try {
    return readdirSync(dir)
  } catch {
    return []
  }
}
