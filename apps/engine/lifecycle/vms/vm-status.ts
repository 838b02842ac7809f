// The status of a VM in the engine, from what its host says of it.
import type { EventLog } from '../../events/event-log.ts'
import type { VmOnHost } from '../../hosts/vm-watch.ts'
import type { Vm, VmStatus } from '../../store/entities/vms.ts'
import type { Tables } from '../../store/store.ts'
import type { Parts } from '../workflows/parts.ts'

/** Its host plugs and unplugs vNICs. */
export const isLive = (status: VmStatus) => status === 'up' || status === 'powering_up'

/** VDSM's words → the engine's; what is not here is under way, or over. */
const statuses: Readonly<Record<string, VmStatus>> = {
  Up: 'up',
  'Powering up': 'powering_up',
  Paused: 'paused',
  'Powering down': 'powering_down',
  RebootInProgress: 'reboot_in_progress',
}

export const reportedStatus = ({ status }: VmOnHost): VmStatus | undefined => statuses[status]

const settlePatienceMs = 1_000

/** After an attempt to change it that failed: the VM is what its host says; `unknown` when that does not say it. */
export async function recordWhatTheHostSays(parts: Parts, vmId: string, hostId: string): Promise<void> {
  const { store, watch, events } = parts
  const told = await watch.look(hostId, vmId, settlePatienceMs).catch(() => undefined)
  const status = told && reportedStatus(told)
  await store.transaction(async (tables) => {
    const vm = await tables.vms.get(vmId)
    if (!vm) return
    if (status) await tables.vms.update(vmId, { status })
    else await recordUnknown(events, tables, vm)
  })
}

/** Nobody can say what became of it. */
export async function recordUnknown(events: EventLog, tables: Tables, vm: Vm): Promise<void> {
  await tables.vms.update(vm.id, { status: 'unknown' })
  const description = `VM ${vm.name} was set to the Unknown status.`
  await events.about({ vm }).record(tables, 'VM_SET_TO_UNKNOWN_STATUS', description)
}
