// A service that runs in a host or in the root namespace until somebody stops it or the lab goes down.
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { LAB_MARK, type LabPlan, processRecordsDir } from '../lab-plan.ts'
import type { Place } from './command.ts'
import { forgetProcess, isAlive, type ProcessRecord, recordProcess } from './process-record.ts'

export interface ProcessOptions {
  /** Takes stdout and stderr, appended; a relative path starts at the `dir` of the host or the lab. */
  log: string
  /** Added to the environment of this process. */
  env?: Record<string, string>
}

export interface ProcessExit {
  code: number | null
  signal: NodeJS.Signals | null
}

/** Does not keep the calling process alive: without a reference of its own to wait for, the caller may end first. */
export interface LabProcess {
  pid: number
  argv: readonly string[]
  /** Absolute path. */
  log: string
  exited: Promise<ProcessExit>
  alive(): boolean
  /** To this process alone, not to what it started. Nothing happens when it is gone. */
  kill(signal?: NodeJS.Signals): void
  /** SIGTERM, then SIGKILL when it is still there after `graceMs` (5 s). Throws only when even that did not end it. */
  stop(options?: { graceMs?: number }): Promise<ProcessExit>
}

export interface ProcessHome {
  lab: LabPlan
  place: Place
  /** Where relative log paths start. */
  dir: string
}

const STOP_GRACE_MS = 5_000
const KILL_TIMEOUT_MS = 5_000

/** Throws when the command cannot be started; in a host a missing command shows as exit code 127 and in the log. */
export function startProcess(argv: readonly string[], options: ProcessOptions, home: ProcessHome): LabProcess {
  const log = resolve(home.dir, options.log)
  const env = { ...process.env, ...options.env, [LAB_MARK]: home.lab.id }
  const child = spawnDetached([...home.place.enter, ...argv], log, env)
  const exited = new Promise<ProcessExit>((end) => child.on('exit', (code, signal) => end({ code, signal })))
  const record = recordChild(child, argv, home.lab.dir)
  return {
    pid: record.pid,
    argv,
    log,
    exited,
    alive: () => isAlive(record),
    kill: (signal = 'SIGTERM') => void child.kill(signal),
    stop: ({ graceMs = STOP_GRACE_MS } = {}) => stopChild(child, exited, argv, graceMs),
  }
}

function spawnDetached(argv: readonly string[], log: string, env: NodeJS.ProcessEnv): ChildProcess {
  mkdirSync(dirname(log), { recursive: true })
  const fd = openSync(log, 'a')
  try {
    const [file = '', ...args] = argv
    const child = spawn(file, args, { detached: true, env, stdio: ['ignore', fd, fd] })
    // A failed start is told by the missing pid; the event alone would end the caller.
    child.on('error', () => {})
    child.unref()
    if (child.pid === undefined) throw new Error(`${file} cannot be started: is it installed?`)
    return child
  } finally {
    closeSync(fd)
  }
}

function recordChild(child: ChildProcess, argv: readonly string[], labDir: string): ProcessRecord {
  const file = join(processRecordsDir(labDir), String(child.pid))
  child.on('exit', () => forgetProcess(file))
  return recordProcess(file, child.pid!, argv.join(' '))
}

async function stopChild(
  child: ChildProcess,
  exited: Promise<ProcessExit>,
  argv: readonly string[],
  graceMs: number,
): Promise<ProcessExit> {
  child.kill('SIGTERM')
  const exit = await within(exited, graceMs)
  if (exit) return exit
  child.kill('SIGKILL')
  const killed = await within(exited, KILL_TIMEOUT_MS)
  if (killed) return killed
  throw new Error(`process ${child.pid} (${argv.join(' ')}) survives SIGKILL`)
}

async function within<T>(promise: Promise<T>, timeoutMs: number): Promise<T | undefined> {
  const over = new AbortController()
  try {
    return await Promise.race([promise, setTimeout(timeoutMs, undefined, { signal: over.signal })])
  } finally {
    over.abort()
  }
}
