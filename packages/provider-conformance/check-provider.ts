// The kit's front door: checks one provider and answers a report. Prints nothing.
import { randomBytes } from 'node:crypto'
import { sweep } from './cleaning.ts'
import type { CaseGroup, GroupName } from './conformance-case.ts'
import { createExchange } from './exchange.ts'
import { allGroups } from './groups/all.ts'
import { createLedger } from './ledger.ts'
import type { Credentials } from './login.ts'
import { createProviderUnderTest, type ProviderUnderTest } from './provider-under-test.ts'
import type { CaseResult, Report } from './report.ts'
import { runGroups } from './run-groups.ts'
import { createTokens } from './tokens.ts'

export interface CheckOptions {
  /** As an administrator enters it in the engine: `http://host:9696`. */
  readonly url: string
  /** Left out: requests carry no token, and the group `identity` is skipped. */
  readonly credentials?: Credentials | undefined
  /** PEM certificates to trust instead of the system's. */
  readonly ca?: string | undefined
  /** For each request. The engine's own bound is 30 s. */
  readonly timeoutMs?: number | undefined
  /** Sends no request that could change anything. */
  readonly readOnly?: boolean | undefined
  /** Only these groups. */
  readonly groups?: readonly GroupName[] | undefined
  readonly networkType?: string | undefined
  readonly physicalNetwork?: string | undefined
  /** For the VLAN network on the physical network. */
  readonly vlanId?: number | undefined
  /** Ends the run early; what it made is removed all the same. */
  readonly signal?: AbortSignal | undefined
  readonly onResult?: ((result: CaseResult) => void) | undefined
}

/** Throws a ProviderError when the provider cannot be reached at all. */
export async function checkProvider(options: CheckOptions): Promise<Report> {
  const { credentials, signal = new AbortController().signal, onResult = () => {} } = options
  const exchange = createExchange({ ca: options.ca, timeoutMs: options.timeoutMs ?? 30_000 })
  const startedAt = new Date()
  try {
    const parts = {
      settings: settingsOf(options),
      exchange,
      ledger: createLedger(),
      runId: randomBytes(4).toString('hex'),
      tokens: credentials && createTokens(exchange, credentials),
    }
    const provider = createProviderUnderTest({ ...parts, signal })
    const cleaner = createProviderUnderTest(parts)
    const obstacle = await obstacleOf(cleaner)
    const groups = chosenGroups(options.groups, obstacle)
    const run = await runGroups(groups, { provider, cleaner, ledger: parts.ledger, onResult, signal })
    const leftovers = options.readOnly || obstacle ? [] : await sweep(cleaner, parts.ledger)
    const durationMs = Date.now() - startedAt.getTime()
    const stopped = obstacle ?? run.stopped
    return {
      provider: options.url,
      runId: parts.runId,
      startedAt: startedAt.toISOString(),
      durationMs,
      results: run.results,
      leftovers,
      ...(stopped !== undefined && { stopped }),
    }
  } finally {
    await exchange.close()
  }
}

function settingsOf({ url, credentials, readOnly = false, networkType, physicalNetwork, vlanId = 100 }: CheckOptions) {
  return { url, credentials, readOnly, networkType, physicalNetwork, vlanId }
}

/** Why nothing but logging in can be checked; undefined: everything can. */
async function obstacleOf(provider: ProviderUnderTest): Promise<string | undefined> {
  const { credentials } = provider.settings
  try {
    await provider.token()
  } catch (error) {
    return (error as Error).message
  }
  const { status } = await provider.send('GET', '/')
  if (status !== 401) return undefined
  return credentials
    ? `the provider does not take the tokens of ${credentials.authUrl} (401)`
    : 'the provider wants a login (401): give --auth-url, --user and --password-file'
}

function chosenGroups(names: readonly GroupName[] | undefined, obstacle: string | undefined): CaseGroup[] {
  const chosen = allGroups.filter(({ name }) => !names || names.includes(name))
  if (obstacle === undefined) return chosen
  return chosen.map((group) => (group.name === 'identity' ? group : { ...group, absent: async () => obstacle }))
}
