// What becomes of the guests without the agent's doing: libvirt's events, and a look at the list where they leave off, told
// to the parts that wait for them.

import type { HypervisorLog } from '../hypervisor-log.ts'
import { noSuchDomain, type Virsh } from '../virsh/virsh.ts'
import type { Arrivals } from './arrivals.ts'
import type { Departures } from './departures.ts'
import type { Unplugs } from './device-removal.ts'
import { type DomainEvent, watchDomainEvents } from './domain-events.ts'
import type { GuestEnds } from './guest-ends.ts'
import { listGuests } from './guest-list.ts'

export interface WatchParts {
  readonly uri: string
  readonly virsh: Virsh
  readonly arrivals: Arrivals
  readonly departures: Departures
  readonly unplugs: Unplugs
  readonly ends: GuestEnds
  readonly log: HypervisorLog
}

export interface GuestWatch {
  /** See Hypervisor.destroy. Nobody is told of an end that is wanted. */
  destroy(vmId: string): Promise<void>
  close(): Promise<void>
}

/** Should an event have been missed. */
const lookEveryMs = 15_000

export function watchGuests({ uri, virsh, arrivals, departures, unplugs, ends, log }: WatchParts): GuestWatch {
  // Also one that was on its way here.
  ends.onEnd((vmId) => arrivals.forget(vmId))
  const events = watchDomainEvents(uri, look, hear)
  const looking = setInterval(look, lookEveryMs).unref()

  function hear(event: DomainEvent): void {
    arrivals.event(event)
    unplugs.event(event)
    const vmId = ends.event(event)
    if (event.kind !== 'lifecycle') return
    if (event.detail === 'Suspended Migrated' && vmId) departures.stoppedHere(vmId)
    if (event.detail === 'Started Migrated' && !vmId) turnAway(event.domain)
    // Somebody else's may have started: events name it, and tell no id.
    if (event.detail.startsWith('Started')) look()
  }

  function look(): void {
    const looked = ends.look(async () => {
      const guests = await listGuests(virsh)
      for (const { name, running } of guests) arrivals.seen(name, running)
      return guests
    })
    looked.catch((error) => log.warn({ err: error }, 'libvirt cannot be asked for its guests'))
  }

  /** One that was given up here must not run here: it goes on at its source. */
  function turnAway(name: string): void {
    const turnedAway = listGuests(virsh).then(async (guests) => {
      const guest = guests.find((other) => other.name === name)
      if (guest && arrivals.isUnwelcome(guest.vmId)) await destroy(guest.vmId)
    })
    turnedAway.catch((error) => log.warn({ err: error, guest: name }, 'a guest that was given up was not turned away'))
  }

  async function destroy(vmId: string): Promise<void> {
    arrivals.forget(vmId)
    ends.expect(vmId)
    await virsh.call(['destroy', vmId]).catch((error) => {
      if (!noSuchDomain(error)) throw error
    })
  }

  return {
    destroy,
    async close() {
      clearInterval(looking)
      await events.close()
    },
  }
}
