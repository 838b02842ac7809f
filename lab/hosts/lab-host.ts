// A host of the lab: a place to run commands and services in, as on a machine of its own.

import type { HostPlan, LabPlan } from '../lab-plan.ts'
import { type CommandOptions, type CommandOutput, type Place, runCommand } from '../processes/command.ts'
import { type LabProcess, type ProcessOptions, startProcess } from '../processes/lab-process.ts'
import { isAlive, type ProcessRecord } from '../processes/process-record.ts'

export type ExecOptions = Pick<CommandOptions, 'timeoutMs' | 'input' | 'env'>

export interface LabHost {
  /** Also its host name, which all hosts of the lab resolve. */
  name: string
  /** Its network namespace, as `ip netns` shows it. */
  namespace: string
  /** On the underlay. */
  address: string
  /** Of the process that holds its namespaces. */
  pid: number
  /** For files of this host; the same path inside and outside. Its private `/run` is `dir/run` from outside. */
  dir: string
  /** Runs to the end (30 s at most by default), in `/`. Throws CommandFailed unless it exits with 0. */
  exec(argv: readonly string[], options?: ExecOptions): Promise<CommandOutput>
  spawn(argv: readonly string[], options: ProcessOptions): LabProcess
}

export function labHost(plan: HostPlan, lab: LabPlan, holder: ProcessRecord): LabHost {
  const { name, namespace, address, dir } = plan
  const place = () => placeInside(name, holder)
  return {
    name,
    namespace,
    address,
    pid: holder.pid,
    dir,
    exec: async (argv, options) => runCommand(argv, { ...options, place: place() }),
    spawn: (argv, options) => startProcess(argv, options, { lab, place: place(), dir }),
  }
}

/** Looks first: behind a reused pid, the command would run in somebody else's namespaces. */
function placeInside(name: string, holder: ProcessRecord): Place {
  if (!isAlive(holder)) throw new Error(`host ${name} is down: the process ${holder.pid} that held it is gone`)
  return { name, enter: ['nsenter', '-t', String(holder.pid), '-n', '-m', '-u', '--'] }
}
