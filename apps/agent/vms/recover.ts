// After a restart of the agent: what was begun is finished or undone, before any call is answered.
import { undoCreate } from './create-vm.ts'
import { finishDestroy } from './destroy-vm.ts'
import { undoPlug } from './hotplug-nic.ts'
import { finishUnplug } from './hotunplug-nic.ts'
import { departed, settleHandOver } from './migrate-out.ts'
import type { VmParts } from './vm-parts.ts'
import { exitReasons, type VmRecord } from './vm-record.ts'

/** Resolves when each VM is in a state that an operation could have left it in. */
export async function recoverVms(parts: VmParts): Promise<void> {
  const guests = new Set(await parts.hypervisor.guests())
  await Promise.all(
    parts.store
      .all()
      .map((vm) =>
        recover(parts, vm, guests.has(vm.vmId)).catch((error) =>
          parts.log.error({ vmId: vm.vmId, err: error }, 'a VM could not be recovered'),
        ),
      ),
  )
}

async function recover(parts: VmParts, vm: VmRecord, guestExists: boolean): Promise<void> {
  switch (vm.status) {
    case 'WaitForLaunch':
    case 'Migration Destination':
      return giveUp(parts, vm, 'The agent was restarted while the VM was starting')
    case 'Powering down':
      return finishDestroy(parts, vm)
    case 'Migration Source':
      return guestExists ? stoppedMoving(parts, vm) : departed(parts, vm.vmId)
    case 'Up':
    case 'Paused':
      return guestExists
        ? settleNics(parts, vm)
        : giveUp(parts, vm, 'The guest was gone when the agent was restarted', exitReasons.domainMissing)
    case 'Down':
      return undoCreate(parts, vm.vmId)
  }
}

async function giveUp(
  parts: VmParts,
  { vmId }: VmRecord,
  exitMessage: string,
  exitReason: number = exitReasons.generic,
): Promise<void> {
  await undoCreate(parts, vmId)
  parts.store.setStatus(vmId, 'Down', { exitCode: 1, exitReason, exitMessage })
}

/** The guest is still here; the destination may have it too. */
async function stoppedMoving(parts: VmParts, { vmId, destination = '' }: VmRecord): Promise<void> {
  await settleHandOver(parts, vmId, destination)
}

/** A plug that was begun is undone, so that the engine may begin it again; an unplug that was begun is finished. */
async function settleNics(parts: VmParts, { vmId, nics }: VmRecord): Promise<void> {
  for (const { mac, step } of nics) {
    if (step === 'plugging') await undoPlug(parts, vmId, mac)
    if (step === 'unplugging') {
      await parts.hypervisor.detach(vmId, mac)
      await finishUnplug(parts, vmId, mac)
    }
  }
}
