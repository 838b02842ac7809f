// The status of a VM in the engine, from what its host says of it.
import type { VmOnHost } from '../../hosts/vm-watch.ts'
import type { VmStatus } from '../../store/entities/vms.ts'
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
  const status = (told && reportedStatus(told)) ?? 'unknown'
  await store.vms.update(vmId, { status })
  const vm = await store.vms.get(vmId)
  if (vm && status === 'unknown')
    await events.about({ vm }).tell('VM_SET_TO_UNKNOWN_STATUS', `VM ${vm.name} was set to the Unknown status.`)
}
