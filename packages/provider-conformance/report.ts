// What a run found, and what follows from it. Reporters write it down; nothing here knows how.
import type { CaseGroup, GroupName, Level } from './conformance-case.ts'

export type Outcome = 'passed' | 'failed' | 'skipped'

export interface CaseResult {
  readonly id: string
  readonly group: GroupName
  readonly level: Level
  readonly rule: string
  readonly source: string
  readonly outcome: Outcome
  /** What was found, or why the case was skipped; '' when it passed. */
  readonly reason: string
  /** The requests of a failed case with their answers, a line each. */
  readonly requests: readonly string[]
  readonly durationMs: number
}

export interface Report {
  /** The provider's URL. */
  readonly provider: string
  /** In the names of everything that the run made. */
  readonly runId: string
  readonly startedAt: string
  readonly durationMs: number
  readonly results: readonly CaseResult[]
  /** What the run made and could not remove. */
  readonly leftovers: readonly string[]
  /** Why the run ended before its last case. */
  readonly stopped?: string
}

export type Counts = Readonly<Record<Outcome, number>>

export function count(results: readonly CaseResult[]): Counts {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const { outcome } of results) counts[outcome]++
  return counts
}

export const failed = ({ results }: Report, level: Level) =>
  results.filter((result) => result.outcome === 'failed' && result.level === level)

/** Everything required holds, the run came to its end, and nothing is left. */
export function holds(report: Report): boolean {
  return failed(report, 'required').length === 0 && report.leftovers.length === 0 && report.stopped === undefined
}

/** The report's groups with their results, in order; without those that have none. */
export function byGroup(report: Report, groups: readonly CaseGroup[]) {
  return groups
    .map((group) => ({ group, results: report.results.filter((result) => result.group === group.name) }))
    .filter(({ results }) => results.length > 0)
}
