// What a look at one link of the chain finds.
import type { Facts } from './facts.ts'

export type StepStatus = 'ok' | 'broken' | 'unknown' | 'skipped'

/** What one look found. */
export interface Finding {
  readonly status: StepStatus
  readonly found: string
  /** What to do, where something is broken. */
  readonly advice?: string
}

/** One link of the chain. */
export interface Check {
  readonly name: string
  /** Pure: of what was gathered alone. */
  look(facts: Facts): Finding
}

export const ok = (found: string): Finding => ({ status: 'ok', found })
export const broken = (found: string, advice: string): Finding => ({ status: 'broken', found, advice })
export const unknown = (found: string): Finding => ({ status: 'unknown', found })
export const skipped = (found: string): Finding => ({ status: 'skipped', found })
