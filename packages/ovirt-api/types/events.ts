// The audit log.
import { choice, int, resource, text } from '../element.ts'

export const eventType = resource('event', 'events', {
  code: int,
  severity: choice('normal', 'warning', 'error', 'alert'),
  time: text,
  description: text,
  correlation_id: text,
})
