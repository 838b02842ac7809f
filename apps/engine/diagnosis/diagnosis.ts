// Why has this vNIC no network? Follows it from the VM to its address, and names the first thing that is broken.
import type { Parts } from '../lifecycle/workflows/parts.ts'
import type { Nic, Vm } from '../store/entities/vms.ts'
import { type Facts, gatherFacts } from './facts.ts'
import type { Check, Finding } from './finding.ts'
import { hostChecks } from './host-checks.ts'
import { networkChecks } from './network-checks.ts'
import { portChecks } from './port-checks.ts'

export interface DiagnosisStep extends Finding {
  readonly name: string
}

export interface Diagnosis {
  /** `broken`: `cause` is the first step that is. `unknown`: nothing is broken, but not all could be looked at. */
  readonly status: 'ok' | 'broken' | 'unknown'
  readonly cause: DiagnosisStep | undefined
  readonly steps: readonly DiagnosisStep[]
}

/** In the order in which frames depend on them. */
export const checks: readonly Check[] = [...networkChecks, ...hostChecks, ...portChecks]

export async function diagnose(parts: Parts, vm: Vm, nic: Nic): Promise<Diagnosis> {
  return judge(await gatherFacts(parts, vm, nic))
}

export function judge(facts: Facts): Diagnosis {
  const steps = checks.map(({ name, look }) => ({ name, ...look(facts) }))
  const cause = steps.find(({ status }) => status === 'broken')
  const isDoubtful = steps.some(({ status }) => status === 'unknown')
  return { status: cause ? 'broken' : isDoubtful ? 'unknown' : 'ok', cause, steps }
}
