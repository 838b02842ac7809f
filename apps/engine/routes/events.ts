// /events: the audit log, the newest first.
import { eventType } from '@patchbay/ovirt-api/types/events.ts'
import type { FastifyInstance } from 'fastify'
import type { EventLog } from '../events.ts'
import { eventSearch } from '../search/searchables.ts'
import type { EventRow } from '../store/entities/events.ts'
import { registerResource } from './resource-routes.ts'

export function registerEvents(app: FastifyInstance, events: EventLog): void {
  registerResource(app, {
    type: eventType,
    path: '/events',
    present: ({ code, severity, time, description, correlationId }: EventRow) => ({
      value: { code, severity, time, description, correlation_id: correlationId || undefined },
    }),
    search: eventSearch,
    list: (_params, wanted) => events.list(wanted),
  })
}
