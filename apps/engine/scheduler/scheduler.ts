// Where a VM runs: hosts of its cluster, filtered by what they must be, the least loaded first.
import { Fault } from '../faults.ts'
import type { Host } from '../store/entities/infrastructure.ts'
import type { Vm } from '../store/entities/vms.ts'
import type { Store } from '../store/store.ts'

export interface Scheduler {
  /** Throws a fault that says for each host why it will not do. */
  choose(vm: Vm, request: { readonly action: string; readonly wanted?: string; readonly not?: string }): Promise<Host>
}

export function createScheduler(store: Store): Scheduler {
  return {
    async choose(vm, { action, wanted, not }) {
      const hosts = await store.hosts.find({ clusterId: vm.clusterId })
      const reasons = new Map(hosts.map((host) => [host.id, unfit(host, wanted, not)]))
      const fit = hosts.filter((host) => reasons.get(host.id) === undefined)
      if (fit.length === 0) {
        const told = hosts.map((host) => `${host.name} ${reasons.get(host.id)}`).join('; ')
        throw new Fault('ACTION_TYPE_FAILED_VDS_VM_CLUSTER', { action, reasons: told || 'its cluster has no hosts' })
      }
      const loads = await Promise.all(fit.map(async (host) => (await store.vms.find({ hostId: host.id })).length))
      return fit[loads.indexOf(Math.min(...loads))]!
    },
  }
}

/** Why a host is out of the question, as the end of a sentence. */
function unfit(host: Host, wanted: string | undefined, not: string | undefined): string | undefined {
  if (host.id === not) return 'runs the VM already'
  if (wanted !== undefined && host.id !== wanted) return 'is not the host asked for'
  if (host.status !== 'up')
    return `is ${host.status.replaceAll('_', ' ')}${host.statusDetail ? ` (${host.statusDetail})` : ''}`
  return undefined
}
