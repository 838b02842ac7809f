// The audit log.
import { choice, int, reference, referenceTo, resource, text } from '../element.ts'

export const eventType = resource('event', 'events', {
  code: int,
  severity: choice('normal', 'warning', 'error', 'alert'),
  time: text,
  description: text,
  correlation_id: text,
  index: int,
  /** Whose request it comes from. */
  user: reference,
  /** What it is about. */
  vm: referenceTo('vms'),
  host: referenceTo('hosts'),
  cluster: referenceTo('clusters'),
  data_center: referenceTo('datacenters'),
  template: referenceTo('templates'),
  origin: text,
  custom_id: int,
  /** Seconds. */
  flood_rate: int,
})
