// Where a VM runs: hosts of its cluster, filtered by what they must be and have, the least loaded first.
import { Fault } from '../faults.ts'
import { shownStatus } from '../hosts/host-status.ts'
import type { Host } from '../store/entities/infrastructure.ts'
import type { Vm } from '../store/entities/vms.ts'
import type { Store } from '../store/store.ts'
import { needsOf, unmetNeed } from './network-needs.ts'
import { createOnTheWay } from './on-the-way.ts'

export interface Scheduler {
  /** The VM counts as one of that host's from now on. Throws a fault that says for each host why it will not do. */
  choose(vm: Vm, request: PlacementRequest): Promise<Host>
}

export interface PlacementRequest {
  readonly action: string
  /** The only host that is asked for. */
  readonly wanted?: string
  readonly not?: string
}

export function createScheduler(store: Store): Scheduler {
  const onTheWay = createOnTheWay(store)
  return {
    async choose(vm, request) {
      const hosts = await store.hosts.find({ clusterId: vm.clusterId })
      const needs = await needsOf(store, await store.nics.find({ vmId: vm.id, plugged: true }))
      const known = await store.hostCapabilities.getAll(hosts.map(({ id }) => id))
      const judged = hosts.map((host) => ({
        host,
        reason: unfit(host, request) ?? unmetNeed(known.get(host.id)?.capabilities ?? {}, needs),
      }))
      const fit = judged.filter(({ reason }) => reason === undefined).map(({ host }) => host)
      if (fit.length === 0) throw noHost(request.action, judged)
      const there = await store.vms.countBy('hostId', { clusterId: vm.clusterId })
      // Without a pause between them: who chooses next knows of this one.
      const host = leastLoaded(fit, [there, onTheWay.counts()])
      onTheWay.add(vm.id, host.id)
      return host
    },
  }
}

function leastLoaded(hosts: readonly Host[], vms: readonly ReadonlyMap<string, number>[]): Host {
  const loads = hosts.map(({ id }) => vms.reduce((load, each) => load + (each.get(id) ?? 0), 0))
  return hosts[loads.indexOf(Math.min(...loads))]!
}

/** Why a host is out of the question, as the end of a sentence. */
function unfit(host: Host, { wanted, not }: PlacementRequest): string | undefined {
  if (host.id === not) return 'runs the VM already'
  if (wanted !== undefined && host.id !== wanted) return 'is not the host asked for'
  const status = shownStatus(host)
  if (status === 'up') return undefined
  return `is ${status.replaceAll('_', ' ')}${host.statusDetail ? ` (${host.statusDetail})` : ''}`
}

function noHost(
  action: string,
  judged: readonly { readonly host: Host; readonly reason: string | undefined }[],
): Fault {
  const reasons = judged.map(({ host, reason }) => `${host.name} ${reason}`).join('; ')
  return new Fault('ACTION_TYPE_FAILED_VDS_VM_CLUSTER', { action, reasons: reasons || 'its cluster has no hosts' })
}
