// The failure of a hook point: thrown where scripts may veto the operation, logged elsewhere.

import type { HookPoint } from './hook-points.ts'
import type { ScriptResult } from './hook-process.ts'
import { pythonBytesRepr } from './python-repr.ts'

export class HookError extends Error {
  override readonly name = 'HookError'
  readonly point: HookPoint
  /** The script that failed, the last one if several did. Undefined if the data file they left is at fault. */
  readonly script: string | undefined
  /** Exit code of that script; the negative signal number if a signal ended it. */
  readonly rc: number | undefined
  /** What that script wrote to stderr. */
  readonly stderr: string
  /** The payload as the scripts left it: VDSM goes on with that of before_vm_start, if only to destroy the VM. */
  readonly output: unknown

  constructor(point: HookPoint, complaint: Buffer, output: unknown, failed?: ScriptResult) {
    // VDSM's text to the letter, a Python tuple of one bytes object: the engine and its users know it.
    super(`Hook Error: (${pythonBytesRepr(complaint)},)`)
    this.point = point
    this.script = failed?.script
    this.rc = failed?.rc
    this.stderr = failed?.stderr.toString() ?? ''
    this.output = output
  }
}

export function scriptError(point: HookPoint, failed: ScriptResult, output: unknown): HookError {
  const { script, stderr, problem } = failed
  const complaint = problem ? Buffer.concat([stderr, Buffer.from(`${script} ${problem}\n`)]) : stderr
  return new HookError(point, complaint, output, failed)
}

/** A full disk, most of the time. The scripts did not run. */
export function noDataFileError(point: HookPoint, reason: string, payload: unknown): HookError {
  return new HookError(point, Buffer.from(`the data file of the scripts cannot be made: ${reason}\n`), payload)
}

export function dataFileError(point: HookPoint, scripts: string[], reason: string, output: unknown): HookError {
  const complaint = `${scripts.join(', ')} left a data file that cannot be used: ${reason}\n`
  return new HookError(point, Buffer.from(complaint), output)
}
