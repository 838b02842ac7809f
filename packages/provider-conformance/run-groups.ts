// Runs cases one after the other: each leaves nothing behind, and whatever happens becomes a result.
import { ProviderError } from '@patchbay/networking-api/client/provider-error.ts'
import { CaseSkipped, CheckFailure } from './check.ts'
import { removeNoted } from './cleaning.ts'
import type { CaseGroup, ConformanceCase } from './conformance-case.ts'
import type { Ledger } from './ledger.ts'
import type { ProviderUnderTest } from './provider-under-test.ts'
import type { CaseResult } from './report.ts'

export interface Run {
  readonly provider: ProviderUnderTest
  /** The same provider, asked also after the signal. */
  readonly cleaner: ProviderUnderTest
  readonly ledger: Ledger
  readonly onResult: (result: CaseResult) => void
  /** Ends the run after the case that is under way. */
  readonly signal: AbortSignal
}

export interface RunResult {
  readonly results: readonly CaseResult[]
  readonly stopped?: string
}

/** After this many cases in a row without any answer, the others are not tried. */
const patience = 3

export async function runGroups(groups: readonly CaseGroup[], run: Run): Promise<RunResult> {
  const results: CaseResult[] = []
  let silent = 0
  let stopped: string | undefined
  const add = (result: CaseResult) => {
    results.push(result)
    run.onResult(result)
  }
  for (const { absent, cases } of groups) {
    const reason = stopped ?? (await absent(run.provider).catch(messageOf))
    for (const one of cases) {
      stopped ??= run.signal.aborted ? 'interrupted' : undefined
      const why =
        stopped ??
        reason ??
        (run.provider.settings.readOnly && !one.readOnly ? 'writes, and --read-only was given' : undefined)
      if (why !== undefined) {
        add(skipped(one, why))
        continue
      }
      const { result, answered } = await runCase(one, run)
      add(result)
      silent = answered ? 0 : silent + 1
      if (silent >= patience) stopped = `the provider gave no answer in ${patience} cases in a row`
    }
  }
  return { results, ...(stopped !== undefined && { stopped }) }
}

async function runCase(
  one: ConformanceCase,
  { provider, cleaner, ledger, signal }: Run,
): Promise<{ result: CaseResult; answered: boolean }> {
  provider.takeLog()
  const begun = performance.now()
  const { answered, ...found } = await outcomeOf(one, provider, signal)
  const requests = provider.takeLog()
  await removeNoted(cleaner, ledger)
  return {
    answered,
    result: {
      ...told(one),
      ...found,
      requests: found.outcome === 'failed' ? requests : [],
      durationMs: Math.round(performance.now() - begun),
    },
  }
}

async function outcomeOf(one: ConformanceCase, provider: ProviderUnderTest, signal: AbortSignal) {
  try {
    await one.run(provider)
    return { outcome: 'passed', reason: '', answered: true } as const
  } catch (error) {
    const reason = messageOf(error)
    if (error instanceof CaseSkipped) return { outcome: 'skipped', reason, answered: true } as const
    if (signal.aborted) return { outcome: 'skipped', reason: 'interrupted', answered: true } as const
    const answered = !(error instanceof ProviderError)
    if (answered && !(error instanceof CheckFailure))
      return { outcome: 'failed', reason: `the answer cannot be read: ${reason}`, answered } as const
    return { outcome: 'failed', reason, answered } as const
  }
}

function skipped(one: ConformanceCase, reason: string): CaseResult {
  return { ...told(one), outcome: 'skipped', reason, requests: [], durationMs: 0 }
}

const told = ({ id, group, level, rule, source }: ConformanceCase) => ({ id, group, level, rule, source })

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
