// /events: the audit log, the newest first; others may add to it.
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import { eventType } from '@patchbay/ovirt-api/types/events.ts'
import type { FastifyInstance } from 'fastify'
import type { CustomEvent, EventLog } from '../events/event-log.ts'
import { presentEvent } from '../events/present-event.ts'
import { Fault } from '../faults.ts'
import { eventSearch } from '../search/searchables.ts'
import { checkedText } from '../services/names.ts'
import type { EventRow } from '../store/entities/events.ts'
import { registerResource } from './http/resource-routes.ts'

export function registerEvents(app: FastifyInstance, events: EventLog): void {
  registerResource(app, {
    type: eventType,
    path: '/events',
    present: (event: EventRow) => ({ value: presentEvent(event) }),
    search: eventSearch,
    list: (_params, wanted) => events.list(wanted),
    get: ({ id }) => events.get(id!),
    add: (request) => events.add(customEventOf(request)),
  })
}

function customEventOf({
  severity,
  description,
  origin,
  custom_id,
  flood_rate,
}: ResourceOf<typeof eventType>): CustomEvent {
  const missing = Object.entries({ severity, description, origin, custom_id }).find(([, value]) => value === undefined)
  if (missing) throw new Fault('INCOMPLETE_PARAMETERS', { what: `Event [${missing[0]}]`, action: 'add' })
  if (origin!.toLowerCase() === 'ovirt')
    throw new Fault('INVALID_VALUE', { reason: 'The origin of events of others must not be oVirt.' })
  return {
    severity: severity!,
    description: checkedText(description!, 'The description'),
    origin: checkedText(origin!, 'The origin', 255),
    customId: String(custom_id),
    floodRate: flood_rate ?? 0,
  }
}
