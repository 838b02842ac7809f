// Whether a provider is worth asking: one that failed several times in a row is left alone for a while, then tried by one
// call. Everybody else gets the known reason at once, so that an outage holds up nothing.
import { ProviderError } from '@patchbay/networking-api/client/provider-error.ts'
import { steadyNow } from '@patchbay/service/steady-clock.ts'

export type Availability = 'unknown' | 'up' | 'unreachable' | 'probing'

export interface Health {
  /** `unknown`: not asked yet. `probing`: it was unreachable, and the next call finds out. */
  readonly availability: Availability
  /** Why it is not up. */
  readonly reason: string
  /** ms since 1970, of the last change. */
  readonly since: number
}

export interface CircuitBreaker {
  /** Asks, or throws the last failure at once while the provider is left alone. */
  run<Result>(question: () => Promise<Result>, how?: { readonly anyway: boolean }): Promise<Result>
  health(): Health
}

export interface BreakerRules {
  /** Failures in a row. */
  readonly tolerated: number
  /** How long the provider is left alone: doubled after each failed attempt. */
  readonly firstPauseMs: number
  readonly mostPauseMs: number
}

const usualRules: BreakerRules = { tolerated: 3, firstPauseMs: 1_000, mostPauseMs: 15_000 }

/** `changed`: the provider became unreachable, or is up again. */
export function createCircuitBreaker(
  changed: (health: Health) => void,
  { tolerated, firstPauseMs, mostPauseMs }: BreakerRules = usualRules,
  now: () => number = steadyNow,
): CircuitBreaker {
  let failures = 0
  let last: ProviderError | undefined
  let pauseMs = firstPauseMs
  let askAgainAt = 0
  let isProbed = false
  let wasAsked = false
  let since = now()

  const isOpen = () => failures >= tolerated
  const isLeftAlone = () => isOpen() && (isProbed || now() < askAgainAt)

  function health(): Health {
    const reason = isOpen() ? last!.message : ''
    if (!isOpen()) return { availability: wasAsked ? 'up' : 'unknown', reason, since }
    return { availability: isLeftAlone() && !isProbed ? 'unreachable' : 'probing', reason, since }
  }

  function succeeded(): void {
    const wasOpen = isOpen()
    failures = 0
    pauseMs = firstPauseMs
    if (!wasAsked || wasOpen) since = now()
    wasAsked = true
    if (wasOpen) changed(health())
  }

  function failed(error: ProviderError): void {
    last = error
    const wasOpen = isOpen()
    failures++
    if (!isOpen()) return
    if (wasOpen) pauseMs = Math.min(pauseMs * 2, mostPauseMs)
    askAgainAt = now() + pauseMs
    if (wasOpen) return
    since = now()
    changed({ availability: 'unreachable', reason: error.message, since })
  }

  return {
    health,
    async run(question, { anyway } = { anyway: false }) {
      if (!anyway && isLeftAlone()) throw leftAlone(last!, failures, askAgainAt - now())
      const isProbe = isOpen()
      if (isProbe) isProbed = true
      try {
        const result = await question()
        succeeded()
        return result
      } catch (error) {
        if (error instanceof ProviderError && isOutage(error)) failed(error)
        else if (error instanceof ProviderError) succeeded()
        throw error
      } finally {
        if (isProbe) isProbed = false
      }
    },
  }
}

/** No answer of the provider itself. One that refuses, or wants other credentials, is there. */
function isOutage({ failure, status = 0 }: ProviderError): boolean {
  return ['unreachable', 'timeout', 'tls'].includes(failure) || [502, 503, 504].includes(status)
}

function leftAlone({ failure, message, status, type }: ProviderError, failures: number, leftMs: number): ProviderError {
  const seconds = Math.max(1, Math.ceil(leftMs / 1000))
  return new ProviderError(
    failure,
    `It failed ${failures} times in a row and is asked again in ${seconds} s. The last failure: ${message}`,
    { ...(status !== undefined && { status }), ...(type !== undefined && { type }) },
  )
}
