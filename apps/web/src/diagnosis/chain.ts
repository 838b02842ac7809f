// A diagnosis as a chain of links: which one breaks it, and what is said first.
import type { diagnosisType } from '@patchbay/ovirt-api/types/diagnosis.ts'
import type { Shown } from '../engine/resource.ts'
import { text } from '../text/diagnosis.ts'

export type Diagnosis = Shown<typeof diagnosisType>
export type LinkStatus = 'ok' | 'broken' | 'unknown' | 'skipped'

export interface ChainLink {
  readonly name: string
  readonly status: LinkStatus
  readonly found: string
  readonly advice: string
  /** The first that is broken: what is to be mended. */
  readonly isCause: boolean
}

export function chainOf({ steps = [], cause }: Diagnosis): ChainLink[] {
  return steps.map(({ name = '', status = 'unknown', found = '', advice = '' }) => ({
    name,
    status,
    found,
    advice,
    isCause: name === cause,
  }))
}

export interface Verdict {
  readonly variant: 'success' | 'warning' | 'danger'
  readonly title: string
  readonly body: string
}

export function verdictOf({ status, cause = '', advice }: Diagnosis): Verdict {
  if (status === 'ok') return { variant: 'success', title: text.ok, body: text.okWhy }
  if (status === 'broken') return { variant: 'danger', title: text.brokenAt(cause), body: advice || text.noAdvice }
  return { variant: 'warning', title: text.unknown, body: advice || text.unknownWhy }
}
