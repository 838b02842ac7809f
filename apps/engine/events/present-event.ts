// An event as the API shows it.
import type { EventRow } from '../store/entities/events.ts'

export const presentEvent = (event: EventRow) => ({
  code: event.code,
  severity: event.severity,
  time: event.time,
  description: event.description,
  correlation_id: event.correlationId || undefined,
  index: event.sequence,
  user: event.userName === '' ? undefined : { name: event.userName },
  vm: linked(event.vmId, event.vmName),
  host: linked(event.hostId, event.hostName),
  cluster: linked(event.clusterId, event.clusterName),
  data_center: linked(event.dataCenterId, event.dataCenterName),
  template: linked(event.templateId, event.templateName),
  origin: event.origin || 'oVirt',
  custom_id: event.customId === '' ? undefined : Number(event.customId),
  flood_rate: event.floodRate || undefined,
})

const linked = (id: string, name: string) => (id === '' ? undefined : { id, name })
