// The audit log: what happened.
import { actingUser } from '../acting-user.ts'
import { correlationId } from '../correlation.ts'
import { Fault } from '../faults.ts'
import type { EventLinks, EventRow, Severity } from '../store/entities/events.ts'
import type { Store, Tables } from '../store/store.ts'
import type { RowQuery } from '../store/table.ts'
import { type EventName, eventCodes } from './event-codes.ts'
import { type EventAbout, linksTo } from './event-links.ts'

/** What somebody else's software tells. */
export type CustomEvent = Pick<EventRow, 'severity' | 'description' | 'origin' | 'customId' | 'floodRate'>

export interface EventTeller {
  tell(name: EventName, description: string): Promise<void>
  /** As part of a transaction: told when that is committed. */
  record(tables: Pick<Tables, 'events'>, name: EventName, description: string): Promise<void>
  /** When `work` fails: what could not be done, with the reason. The failure goes on to the caller. */
  tellFailure<Result>(name: EventName, description: string, work: () => Promise<Result>): Promise<Result>
}

export interface EventLog extends EventTeller {
  /** Tells events that link to these. */
  about(about: EventAbout): EventTeller
  add(event: CustomEvent): Promise<EventRow>
  list(wanted: RowQuery): Promise<EventRow[]>
  get(id: string): Promise<EventRow>
}

export function createEventLog(store: Store): EventLog {
  return {
    ...teller(store, {}),
    about: (about) => teller(store, about),
    add: (event) =>
      store.transaction((tables) => insert(tables, customEventNames[event.severity], { ...linksTo({}), ...event })),
    list: (wanted) => store.events.select(wanted),
    async get(id) {
      const event = await store.events.get(id)
      if (!event) throw new Fault('NOT_FOUND', { what: 'Event', id })
      return event
    },
  }
}

function teller(store: Store, about: EventAbout): EventTeller {
  const links = linksTo(about)
  const write = (name: EventName, description: string) =>
    store.transaction((tables) => insert(tables, name, { ...links, description }))
  return {
    async tellFailure(name, description, work) {
      try {
        return await work()
      } catch (error) {
        await write(name, `${description}: ${(error as Error).message}`)
        throw error
      }
    },
    tell: async (name, description) => void (await write(name, description)),
    record: async (tables, name, description) => void (await insert(tables, name, { ...links, description })),
  }
}

type Told = EventLinks & Pick<EventRow, 'description'> & Partial<CustomEvent>

/** One after the other, as all transactions: so they are numbered as they come. */
async function insert({ events }: Pick<Tables, 'events'>, name: EventName, told: Told): Promise<EventRow> {
  const [code, severity] = eventCodes[name]
  const last = await events.newest()
  const sequence = (last?.sequence ?? 0) + 1
  const row: EventRow = {
    origin: '',
    customId: '',
    floodRate: 0,
    ...told,
    // oVirt's Ansible modules read it as a number.
    id: String(sequence),
    sequence,
    code,
    severity,
    time: new Date().toISOString(),
    correlationId: correlationId(),
    userName: actingUser(),
  }
  await events.insert(row)
  return row
}

const customEventNames = {
  normal: 'EXTERNAL_EVENT_NORMAL',
  warning: 'EXTERNAL_EVENT_WARNING',
  error: 'EXTERNAL_EVENT_ERROR',
  alert: 'EXTERNAL_ALERT',
} as const satisfies Readonly<Record<Severity, EventName>>
