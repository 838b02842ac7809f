// What the kit has made on the provider and not removed yet. The last made is removed first.
import type { Method } from './exchange.ts'

/** The request that removes something. */
export interface Removal {
  readonly method: Method
  /** Below /v2.0. */
  readonly path: string
  readonly body?: object
}

export interface Ledger {
  note(removal: Removal): void
  /** Removes everything noted. What cannot be removed now stays noted. `send` answers whether the thing is gone. */
  removeAll(send: (removal: Removal) => Promise<boolean>): Promise<void>
  /** The paths of what is still noted. */
  remaining(): readonly string[]
}

export function createLedger(): Ledger {
  let noted: Removal[] = []
  return {
    note(removal) {
      noted.push(removal)
    },
    async removeAll(send) {
      const kept: Removal[] = []
      let answers = true
      for (const removal of noted.toReversed()) {
        // Without an answer now, the others need not wait for their timeouts too.
        const gone = answers && (await send(removal).catch(() => (answers = false)))
        if (!gone) kept.unshift(removal)
      }
      noted = kept
    },
    remaining: () => noted.map(({ path }) => path),
  }
}
