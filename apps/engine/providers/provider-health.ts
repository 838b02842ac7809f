// Told to whoever watches: a provider became unreachable, or is up again.
import type { EventLog } from '../events/event-log.ts'
import type { Provider } from '../store/entities/providers.ts'
import type { Health } from './circuit-breaker.ts'

interface Log {
  warn(fields: object, message: string): void
}

/** Goes on behind: nobody's call waits for it. */
export function tellOfHealth(events: EventLog, log: Log, { name }: Provider, health: Health): void {
  const { availability, reason } = health
  const event =
    availability === 'up'
      ? events.tell('PROVIDER_REACHABLE', `Provider ${name} answers again.`)
      : events.tell(
          'PROVIDER_UNREACHABLE',
          `Provider ${name} does not answer. Until it does, what needs it fails at once: ${reason}`,
        )
  event.catch((err) => log.warn({ err, provider: name, availability }, 'an event of a provider was not recorded'))
}
