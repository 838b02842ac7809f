// Runs one hook script to its end, or to the time limit.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { createTail } from './tail.ts'

export interface ScriptResult {
  script: string
  /** Exit code; the negative signal number if a signal ended the script (Python's way of counting). */
  rc: number
  /** The last `stderrLimitBytes` of what it wrote. */
  stderr: Buffer
  /** Set if the script could not be started or was killed for taking too long: a predicate to the script's path. */
  problem?: string
}

/** Room for any traceback; the end is kept because that is where the error stands. */
export const stderrLimitBytes = 16 * 1024

/** How long a killed script may take to die; one that turned into another user's process (sudo) does not. */
const dyingMs = 1000

/** Never rejects: a script that cannot be started has failed with 126 or 127, as in a shell. */
export async function runScript(script: string, env: NodeJS.ProcessEnv, timeoutMs: number): Promise<ScriptResult> {
  const tail = createTail(stderrLimitBytes)
  try {
    // Its own process group, to be killed with all its children. A script without "#!" runs too: execvp gives it to sh.
    const child = spawn(script, [], { env, detached: true, stdio: ['ignore', 'ignore', 'pipe'] })
    child.stderr?.on('data', tail.add) // absent if the agent is out of file descriptors
    const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>

    const end = await within(timeoutMs, closed)
    if (end) return { script, rc: returnCode(...end), stderr: tail.bytes() }

    killGroup(child.pid!)
    child.stderr.destroy() // a process that left the group may hold the other end for ever
    await within(dyingMs, closed)
    const problem = `was killed, not having finished within ${timeoutMs / 1000} s`
    return { script, rc: -constants.signals.SIGKILL, stderr: tail.bytes(), problem }
  } catch (error) {
    return notStarted(script, error as NodeJS.ErrnoException)
  }
}

async function within<T>(limitMs: number, event: Promise<T>): Promise<T | undefined> {
  const timer = new AbortController()
  try {
    return await Promise.race([event, setTimeout(limitMs, undefined, { signal: timer.signal })])
  } finally {
    timer.abort()
  }
}

function returnCode(code: number | null, signal: NodeJS.Signals | null): number {
  return signal ? -constants.signals[signal] : code!
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nobody is left in the group (ESRCH), or only processes of another user are (EPERM).
  }
}

function notStarted(script: string, error: NodeJS.ErrnoException): ScriptResult {
  const missing = error.code === 'ENOENT'
  const reason = missing ? 'is the interpreter of its first line installed?' : error.message
  return {
    script,
    rc: missing ? 127 : 126,
    stderr: Buffer.alloc(0),
    problem: `could not be started (${error.code}): ${reason}`,
  }
}
