// A guest ended by itself: its VM is Down with the reason, and its NICs are off their networks.
import type { GuestEnd } from '../hypervisors/hypervisor.ts'
import { exitReasons, type VmExit } from '../vm-records/vm-record.ts'
import { undoCreate } from './create-vm.ts'
import { inBackground, type VmParts } from './vm-parts.ts'

export function watchGuestEnds(parts: VmParts): void {
  parts.hypervisor.onEnd((vmId, end) => {
    const settled = parts.locks.exclusive(vmId, () => guestEnded(parts, vmId, end))
    inBackground(parts, vmId, 'the end of a guest', settled)
  })
}

/** Looks first: it may have been made again while its turn was waited for, or a start that failed has cleared up. */
async function guestEnded(parts: VmParts, vmId: string, end: GuestEnd): Promise<void> {
  const status = parts.store.get(vmId)?.status
  if (status !== 'Up' && status !== 'Paused') return
  if ((await parts.hypervisor.guests()).some((guest) => guest.vmId === vmId)) return
  parts.log.warn({ vmId, end }, 'a guest ended by itself')
  await undoCreate(parts, vmId)
  parts.store.settle(vmId, (vm) => ({ ...vm, status: 'Down', exit: exits[end] }))
}

/** VDSM's reasons and texts. */
const exits: Readonly<Record<GuestEnd, VmExit>> = {
  shutdown: { exitCode: 0, exitReason: exitReasons.userShutdown, exitMessage: 'User shut down from within the guest' },
  destroyed: { exitCode: 0, exitReason: exitReasons.adminShutdown, exitMessage: 'Admin shut down from the engine' },
  lost: { exitCode: 1, exitReason: exitReasons.lostQemu, exitMessage: 'Lost connection with qemu process' },
}
