// Old events go, a few at a time, so that nobody waits for it.
import { setTimeout as delay } from 'node:timers/promises'
import type { Condition } from '../store/condition.ts'
import type { Store } from '../store/store.ts'

const batch = 500
const pauseMs = 50

/** Removes those from before `before` (ISO 8601); answers how many. Ends early when told to. */
export async function removeOldEvents(
  store: Pick<Store, 'transaction'>,
  before: string,
  stopping: AbortSignal,
): Promise<number> {
  const where: Condition = { path: { hops: [], column: 'time' }, comparison: { operator: '<', value: before } }
  for (let removed = 0; ; ) {
    const count = await store.transaction(async ({ events }) => {
      const old = await events.select({ where, limit: batch })
      for (const { id } of old) await events.remove(id)
      return old.length
    })
    removed += count
    if (count < batch || stopping.aborted) return removed
    await delay(pauseMs, undefined, { signal: stopping }).catch(() => {})
  }
}
