// How often somebody may fail before being made to wait.
import type { Clock } from './authority.ts'

export interface FailedAttempts {
  /** Whether this one, such as an address, has failed too often within the last minute. */
  isBarred(who: string): boolean
  /** Answers how to take it back. */
  note(who: string): () => void
}

const windowMs = 60_000
const mostFailures = 10
/** Addresses remembered; beyond it the one that was noted first is forgotten. */
const mostAddresses = 10_000

export function createFailedAttempts(clock: Clock): FailedAttempts {
  const failures = new Map<string, number[]>()
  const recent = (address: string) => (failures.get(address) ?? []).filter((at) => at > clock() - windowMs)
  return {
    isBarred: (address) => recent(address).length >= mostFailures,
    note(address) {
      const at = clock()
      failures.set(address, [...recent(address), at])
      if (failures.size > mostAddresses) failures.delete(failures.keys().next().value!)
      return () => {
        const all = failures.get(address) ?? []
        const index = all.lastIndexOf(at)
        if (index >= 0) failures.set(address, all.toSpliced(index, 1))
      }
    },
  }
}
