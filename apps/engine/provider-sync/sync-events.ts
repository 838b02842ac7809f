// What a synchronization tells: the real engine's events. What fails each time is told once a day.
import type { EventName } from '../events/event-codes.ts'
import type { EventLog } from '../events/event-log.ts'
import type { Provider } from '../store/entities/providers.ts'

export interface SyncEvents {
  started(provider: Provider): Promise<void>
  ended(provider: Provider): Promise<void>
  /** `failures`: what could not be done, and why. */
  performed(provider: Provider, failures: readonly string[]): Promise<void>
  /** The provider could not be asked. */
  failed(provider: Provider, error: Error): Promise<void>
  /** It did not take the credentials. */
  disabled(provider: Provider): Promise<void>
}

const dayMs = 24 * 3_600_000
const mostCharacters = 1_000

export function createSyncEvents(events: EventLog, now: () => number): SyncEvents {
  const toldAt = new Map<string, number>()

  async function tellDaily(name: EventName, { id }: Provider, description: string): Promise<void> {
    const key = `${name}/${id}`
    if (now() - (toldAt.get(key) ?? Number.NEGATIVE_INFINITY) < dayMs) return
    toldAt.set(key, now())
    await events.tell(name, description)
  }

  return {
    started: ({ name }) =>
      events.tell('PROVIDER_SYNCHRONIZATION_STARTED', `Synchronization of networks of Provider ${name} started.`),
    ended: ({ name }) =>
      events.tell('PROVIDER_SYNCHRONIZATION_ENDED', `Synchronization of networks of Provider ${name} ended.`),
    async performed(provider, failures) {
      const who = `Networks of Provider ${provider.name} were`
      if (failures.length === 0)
        return events.tell('PROVIDER_SYNCHRONIZED_PERFORMED', `${who} successfully synchronized.`)
      const why = failures.join('; ').slice(0, mostCharacters)
      await tellDaily('PROVIDER_SYNCHRONIZED_PERFORMED_FAILED', provider, `${who} incompletely synchronized: ${why}`)
    },
    failed: (provider, { message }) =>
      tellDaily(
        'PROVIDER_SYNCHRONIZED_FAILED',
        provider,
        `Failed to synchronize networks of Provider ${provider.name}: ${message}`,
      ),
    disabled: ({ name }) =>
      events.tell(
        'PROVIDER_SYNCHRONIZED_DISABLED',
        `Failed to synchronize networks of Provider ${name}, because the authentication information of the provider is invalid. Automatic synchronization is deactivated for this Provider.`,
      ),
  }
}
