// Who is at work on what: a VM, a network, the name of one. Whoever comes second is refused, not queued; only for what the
// engine does by itself, and briefly, is waited.
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '../faults.ts'

export interface Holder {
  readonly id: string
  /** What it does, in the words of a fault: the kind of a workflow. */
  readonly kind: string
  /** Nobody asked for it, so that nobody is refused because of it. */
  readonly isBrief?: boolean
}

export interface Locks {
  /** Takes all of them, or throws RELATED_OPERATION. `action` is what was asked for: `run VM`. */
  acquire(names: readonly string[], holder: Holder, action: string): Promise<void>
  release(holder: Holder): void
  /** Holds them while something is done that needs no workflow. */
  during<Result>(
    names: readonly string[],
    action: string,
    work: () => Promise<Result>,
    how?: Pick<Holder, 'isBrief'>,
  ): Promise<Result>
  /** The kind of whoever holds it. */
  holder(name: string): string | undefined
  /** Resolves when nobody holds it. */
  released(name: string): Promise<void>
}

const patienceMs = 10_000

export function createLocks(): Locks {
  const held = new Map<string, { readonly by: Holder; readonly end: PromiseWithResolvers<void> }>()

  async function acquire(names: readonly string[], holder: Holder, action: string): Promise<void> {
    const deadline = performance.now() + patienceMs
    const otherLock = () => names.map((name) => held.get(name)).find((lock) => lock !== undefined)
    for (let other = otherLock(); other; other = otherLock()) {
      const leftMs = deadline - performance.now()
      if (!other.by.isBrief || leftMs <= 0) throw new Fault('RELATED_OPERATION', { action, kind: other.by.kind })
      await Promise.race([other.end.promise, delay(leftMs, undefined, { ref: false })])
    }
    for (const name of names) held.set(name, { by: holder, end: Promise.withResolvers() })
  }

  function release({ id }: Holder): void {
    for (const [name, { by, end }] of held) {
      if (by.id !== id) continue
      held.delete(name)
      end.resolve()
    }
  }

  return {
    acquire,
    release,
    async during(names, action, work, how) {
      const holder = { id: randomUUID(), kind: action, ...how }
      await acquire(names, holder, action)
      try {
        return await work()
      } finally {
        release(holder)
      }
    },
    holder: (name) => held.get(name)?.by.kind,
    async released(name) {
      for (let lock = held.get(name); lock; lock = held.get(name)) await lock.end.promise
    },
  }
}
