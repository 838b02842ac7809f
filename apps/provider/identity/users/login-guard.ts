// Guessing passwords is slow: after some failures of a user from an address, logins wait, longer and longer.

import { steadyNow } from '@patchbay/service/steady-clock.ts'

export interface LoginGuard {
  /** Seconds until this user may try again from this address; 0: now. */
  waitSeconds(user: string, address: string): number
  failed(user: string, address: string): void
  succeeded(user: string, address: string): void
}

interface Failures {
  count: number
  until: number
}

const freeFailures = 5
const firstWaitMs = 1_000
const longestWaitMs = 300_000
/** The oldest are forgotten beyond this: an attacker must not fill the memory. */
const maxRemembered = 10_000

export function createLoginGuard(clock: () => number = steadyNow): LoginGuard {
  const failures = new Map<string, Failures>()
  const key = (user: string, address: string) => `${address} ${user.slice(0, 255)}`
  return {
    waitSeconds(user, address) {
      const { until = 0 } = failures.get(key(user, address)) ?? {}
      return Math.max(0, Math.ceil((until - clock()) / 1000))
    },
    failed(user, address) {
      const name = key(user, address)
      const count = (failures.get(name)?.count ?? 0) + 1
      failures.delete(name)
      const waitMs = count < freeFailures ? 0 : Math.min(firstWaitMs * 2 ** (count - freeFailures), longestWaitMs)
      failures.set(name, { count, until: clock() + waitMs })
      if (failures.size > maxRemembered) failures.delete(failures.keys().next().value!)
    },
    succeeded: (user, address) => void failures.delete(key(user, address)),
  }
}
