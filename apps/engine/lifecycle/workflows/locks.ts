// Who is at work on what: a VM, a network, the name of one. Whoever comes second is refused, not queued; only for what the
// engine does by itself, and briefly, is waited. Several may hold the same thing together, if all of them share it.
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '../../faults.ts'
import { lockedProvider } from '../networks/provider-lock.ts'

export interface Holder {
  readonly id: string
  /** What it does, in the words of a fault: the kind of a workflow. */
  readonly kind: string
  /** Nobody asked for it, or it takes no time, so that nobody is refused because of it. */
  readonly isBrief?: boolean
  /** Waits for whoever is at work on the same provider, as in the real engine. */
  readonly isPatient?: boolean
}

export interface Locks {
  /** Takes all of them, or throws RELATED_OPERATION (of a provider: ACTION_TYPE_FAILED_PROVIDER_LOCKED). `action` is what was asked for: `run VM`. */
  acquire(names: readonly string[], holder: Holder, action: string): Promise<void>
  release(holder: Holder): void
  /** Only what it holds of providers: one that is away may be removed, whoever still has to undo something there. */
  releaseProviders(holder: Holder): void
  /** Holds them while something is done that needs no workflow. */
  during<Result>(
    names: readonly string[],
    action: string,
    work: () => Promise<Result>,
    how?: Pick<Holder, 'isBrief' | 'isPatient'>,
  ): Promise<Result>
  /** The kind of whoever holds it. */
  holder(name: string): string | undefined
  /** Resolves when nobody holds it. */
  released(name: string): Promise<void>
}

interface Lock {
  readonly holders: Map<string, Holder>
  readonly isShared: boolean
  readonly end: PromiseWithResolvers<void>
}

const patienceMs = { brief: 10_000, patient: 60_000 }
const sharedMark = 'shared '

/** To hold a name together with others who share it: work on different vNICs of a VM does not exclude each other. */
export const shared = (name: string) => `${sharedMark}${name}`

export function createLocks(): Locks {
  const held = new Map<string, Lock>()

  /** Who is in the way: rather one who has to be refused for than one who can be waited for. */
  function obstacle(wanted: string): { name: string; lock: Lock; by: Holder } | undefined {
    const { name, isShared } = parse(wanted)
    const lock = held.get(name)
    if (!lock || (isShared && lock.isShared)) return undefined
    const holders = [...lock.holders.values()]
    return { name, lock, by: holders.find(({ isBrief }) => !isBrief) ?? holders[0]! }
  }

  async function acquire(names: readonly string[], holder: Holder, action: string): Promise<void> {
    const deadline = performance.now() + (holder.isPatient ? patienceMs.patient : patienceMs.brief)
    const next = () => names.map(obstacle).find((found) => found !== undefined)
    for (let other = next(); other; other = next()) {
      const leftMs = deadline - performance.now()
      const isAwaited = other.by.isBrief || (holder.isPatient && lockedProvider(other.name) !== undefined)
      if (leftMs <= 0 || !isAwaited) throw refusal(other.name, other.by, action)
      await Promise.race([other.lock.end.promise, delay(leftMs, undefined, { ref: false })])
    }
    for (const wanted of names) {
      const { name, isShared } = parse(wanted)
      const lock = held.get(name) ?? { holders: new Map(), isShared, end: Promise.withResolvers<void>() }
      lock.holders.set(holder.id, holder)
      held.set(name, lock)
    }
  }

  function refusal(name: string, { kind }: Holder, action: string): Fault {
    const id = lockedProvider(name)
    if (id !== undefined) return new Fault('ACTION_TYPE_FAILED_PROVIDER_LOCKED', { action, id })
    return new Fault('RELATED_OPERATION', { action, kind })
  }

  function release({ id }: Holder, isMeant: (name: string) => boolean = () => true): void {
    for (const [name, { holders, end }] of held) {
      if (!isMeant(name) || !holders.delete(id) || holders.size > 0) continue
      held.delete(name)
      end.resolve()
    }
  }

  return {
    acquire,
    release: (holder) => release(holder),
    releaseProviders: (holder) => release(holder, (name) => lockedProvider(name) !== undefined),
    async during(names, action, work, how) {
      const holder = { id: randomUUID(), kind: action, ...how }
      await acquire(names, holder, action)
      try {
        return await work()
      } finally {
        release(holder)
      }
    },
    holder: (name) => held.get(name)?.holders.values().next().value?.kind,
    async released(name) {
      for (let lock = held.get(name); lock; lock = held.get(name)) await lock.end.promise
    },
  }
}

function parse(wanted: string): { name: string; isShared: boolean } {
  const isShared = wanted.startsWith(sharedMark)
  return { name: isShared ? wanted.slice(sharedMark.length) : wanted, isShared }
}
