// How guests end: told by libvirt's events, or by a guest that is missing when one looks.
import { setTimeout as delay } from 'node:timers/promises'
import type { GuestEnd } from '../../hypervisor.ts'
import type { DomainEvent } from './domain-events.ts'
import type { ListedGuest } from './guest-list.ts'

export interface GuestEnds {
  /** From now on it is missed when it is not there. */
  begin(vmId: string, name: string): void
  /** Its end is wanted. */
  expect(vmId: string): void
  /** Answers the id of the guest that the event is about; undefined for one that nobody knows. */
  event(event: DomainEvent): string | undefined
  /** Asks for all guests that there are. Those that were seen before and are not among them have ended. */
  look(list: () => Promise<readonly ListedGuest[]>): Promise<void>
  onEnd(listener: (vmId: string, end: GuestEnd) => void): void
}

/** libvirt's list may be faster than its events, which tell more. */
const eventOnItsWayMs = 1_000

export function createGuestEnds(waitMs = eventOnItsWayMs): GuestEnds {
  /** Name → id. Those that are being made are not on libvirt's list yet. */
  const known = new Map<string, { readonly vmId: string; seen: boolean }>()
  const listeners = new Set<(vmId: string, end: GuestEnd) => void>()

  function ended(name: string, end: GuestEnd): void {
    const guest = known.get(name)
    known.delete(name)
    if (guest) for (const listener of listeners) listener(guest.vmId, end)
  }

  return {
    begin: (vmId, name) => void known.set(name, { vmId, seen: false }),
    expect(vmId) {
      for (const [name, guest] of known) if (guest.vmId === vmId) known.delete(name)
    },

    event({ kind, domain, detail }) {
      const vmId = known.get(domain)?.vmId
      if (kind !== 'lifecycle') return vmId
      const guest = known.get(domain)
      if (guest && detail.startsWith('Started')) guest.seen = true
      // One that moved away is told by its migration.
      if (detail === 'Stopped Migrated') known.delete(domain)
      else if (detail.startsWith('Stopped')) ended(domain, endOf(detail))
      return vmId
    },

    async look(list) {
      // One that starts while the list is on its way may be missing on it.
      const seen = [...known].filter(([, guest]) => guest.seen)
      const guests = await list()
      const missing = seen.filter(([name]) => !guests.some((other) => other.name === name))
      for (const { vmId, name } of guests) {
        const guest = known.get(name)
        if (guest?.vmId === vmId) guest.seen = true
        else known.set(name, { vmId, seen: true })
      }
      if (missing.length > 0) await delay(waitMs, undefined, { ref: false })
      for (const [name, guest] of missing) if (known.get(name) === guest) ended(name, 'lost')
    },

    onEnd: (listener) => void listeners.add(listener),
  }
}

function endOf(detail: string): GuestEnd {
  if (detail === 'Stopped Shutdown') return 'shutdown'
  return detail === 'Stopped Destroyed' ? 'destroyed' : 'lost'
}
