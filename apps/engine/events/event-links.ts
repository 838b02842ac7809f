// What an event is about: answers link to it, and searches find it.
import type { EventLinks } from '../store/entities/events.ts'

interface Named {
  readonly id: string
  readonly name: string
}

/** As in oVirt, nothing else: events about networks and providers name them in their text. */
export interface EventAbout {
  readonly vm?: Named
  readonly host?: Named | undefined
  readonly cluster?: Named
  readonly dataCenter?: Named
  readonly template?: Named
}

const nothing: Named = { id: '', name: '' }

export function linksTo({
  vm = nothing,
  host = nothing,
  cluster = nothing,
  dataCenter = nothing,
  template = nothing,
}: EventAbout): EventLinks {
  return {
    vmId: vm.id,
    vmName: vm.name,
    hostId: host.id,
    hostName: host.name,
    clusterId: cluster.id,
    clusterName: cluster.name,
    dataCenterId: dataCenter.id,
    dataCenterName: dataCenter.name,
    templateId: template.id,
    templateName: template.name,
  }
}
