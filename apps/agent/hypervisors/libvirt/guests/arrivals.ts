// The destination's side of a live migration. libvirtd takes the guest by itself; its events say how far it is.
import type { Guest, IncomingGuest } from '../../hypervisor.ts'
import type { DomainEvent } from './domain-events.ts'

export interface Arrivals {
  /** The guest will come. It is known by its name, as events are. */
  expect(guest: Guest): IncomingGuest
  event(event: DomainEvent): void
  /** What a look at the guests shows, should an event have been missed. */
  seen(name: string, running: boolean): void
  /** It is not expected any more, and not welcome for a while: its source may just have begun to send it. */
  forget(vmId: string): void
  /** It is made here. */
  welcome(vmId: string): void
  isUnwelcome(vmId: string): boolean
}

interface Arrival {
  readonly vmId: string
  readonly realised: PromiseWithResolvers<void>
  readonly completed: PromiseWithResolvers<void>
}

/** The source begins as soon as it is answered. */
const waitMs = 60_000

export function createArrivals(): Arrivals {
  const expected = new Map<string, Arrival>()
  /** Until when, by performance.now(). */
  const unwelcome = new Map<string, number>()

  function expect({ vmId, name }: Guest): IncomingGuest {
    const arrival: Arrival = { vmId, realised: Promise.withResolvers(), completed: Promise.withResolvers() }
    expected.set(name, arrival)
    unwelcome.delete(vmId)
    const late = () => arrival.completed.reject(new Error(`nobody sent it within ${waitMs / 1000} s`))
    const waiting = setTimeout(late, waitMs).unref()
    arrival.realised.promise.then(() => clearTimeout(waiting))
    arrival.completed.promise
      .catch(() => {})
      .finally(() => {
        clearTimeout(waiting)
        if (expected.get(name) === arrival) expected.delete(name)
      })
    return {
      port: 0,
      secret: '',
      realised: arrival.realised.promise,
      completed: arrival.completed.promise,
      abort: () => arrival.completed.reject(new Error('it is not expected any more')),
    }
  }

  function seen(name: string, running: boolean): void {
    const arrival = expected.get(name)
    arrival?.realised.resolve()
    if (running) arrival?.completed.resolve()
  }

  return {
    expect,
    seen,
    event({ kind, domain, detail }) {
      if (kind !== 'lifecycle') return
      if (detail.startsWith('Started')) seen(domain, false)
      if (detail.startsWith('Resumed')) seen(domain, true)
      if (detail.startsWith('Stopped'))
        expected.get(domain)?.completed.reject(new Error(`its source gave up (${detail})`))
    },
    welcome: (vmId) => void unwelcome.delete(vmId),
    isUnwelcome: (vmId) => (unwelcome.get(vmId) ?? 0) > performance.now(),
    forget(vmId) {
      const now = performance.now()
      for (const [other, until] of unwelcome) if (until < now) unwelcome.delete(other)
      unwelcome.set(vmId, now + 2 * waitMs)
      for (const arrival of expected.values())
        if (arrival.vmId === vmId) arrival.completed.reject(new Error('it is not expected any more'))
    },
  }
}
