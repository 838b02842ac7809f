// After a restart of the agent: what was begun is finished or undone, before any call is answered.
import { vdsmErrors } from '@patchbay/vdsm-rpc/errors.ts'
import { removeLaunchFlags } from '../hooks/launch-flags.ts'
import { exitReasons, type VmRecord } from '../vm-records/vm-record.ts'
import { finishLaunch, giveUp, undoCreate } from './create-vm.ts'
import { finishDestroy } from './destroy-vm.ts'
import { recordHardware } from './hardware/machine-of.ts'
import { settleHandOver } from './migration/hand-over.ts'
import { arrivedUnseen } from './migration/migrate-in.ts'
import { forgetThere, stayHere } from './migration/stay-here.ts'
import { undoPlug } from './nics/hotplug-nic.ts'
import { settleHibernation } from './saving/hibernate-vm.ts'
import { finishRestore } from './saving/restore-vm.ts'
import { inBackground, type VmParts } from './vm-parts.ts'

/**
 * Resolves when each VM is in a state that an operation could have left it in. What needs another host, or a hook that
 * may call this one, goes on behind it with the VM locked.
 */
export async function recoverVms(parts: VmParts): Promise<void> {
  for (const { vmId, status } of parts.store.all())
    if (status === 'Migration Source') await stopEarlierMove(parts, vmId)
  const guests = new Map((await parts.hypervisor.guests()).map(({ vmId, running }) => [vmId, running]))
  await Promise.all(
    parts.store
      .all()
      .map((vm) =>
        recover(parts, vm, guests.get(vm.vmId)).catch((error) =>
          parts.log.error({ vmId: vm.vmId, err: error }, 'a VM could not be recovered'),
        ),
      ),
  )
}

/** `running`: undefined where there is no guest. */
async function recover(parts: VmParts, vm: VmRecord, running: boolean | undefined): Promise<void> {
  const { vmId } = vm
  parts.log.info({ vmId, status: vm.status, guest: running ?? 'none' }, 'recovering a VM')
  switch (vm.status) {
    case 'WaitForLaunch':
      return running && vm.launched ? goOn(parts, vmId, finishStart) : failedStart(parts, vmId)
    case 'Migration Destination':
      // A guest that runs was handed over: its source does not start it again.
      return running
        ? goOn(parts, vmId, arrivedUnseen)
        : giveUp(parts, vmId, 'The agent was restarted before the VM came')
    case 'Restoring state':
      return running && vm.launched ? goOn(parts, vmId, finishRestore) : failedStart(parts, vmId)
    case 'Saving State':
      return settleHibernation(parts, vmId, new Error('the agent was started anew meanwhile'))
    case 'Powering down':
      return finishDestroy(parts, vmId)
    case 'Migration Source':
      if (!vm.handOver && running !== undefined) return goOn(parts, vmId, stopMove)
      // A guest that is gone has left, or was lost on its way: its destination knows.
      parts.store.change(vmId, (before) => ({ ...before, handOver: before.handOver ?? 'told' }))
      return goOn(parts, vmId, settleMove)
    case 'Up':
    case 'Paused':
      if (vm.handOver) return goOn(parts, vmId, settleMove)
      if (running === undefined) return giveUp(parts, vmId, ...guestGone)
      await settleNics(parts, vm)
      await recordHardware(parts, vmId)
      parts.store.setStatus(vmId, running ? 'Up' : 'Paused')
      return
    case 'Down':
      return undoCreate(parts, vmId)
  }
}

const guestGone = ['The guest was gone when the agent was restarted', exitReasons.domainMissing] as const

const interrupted = {
  code: vdsmErrors.MigrationError.code,
  message: `${vdsmErrors.MigrationError.text}: the agent of the source was restarted`,
}

async function goOn(parts: VmParts, vmId: string, work: (parts: VmParts, vmId: string) => Promise<void>) {
  const done = parts.locks.exclusive(vmId, () => work(parts, vmId))
  inBackground(parts, vmId, 'the recovery', done)
}

async function failedStart(parts: VmParts, vmId: string): Promise<void> {
  await giveUp(parts, vmId, 'The agent was restarted while the VM was starting')
  await removeLaunchFlags(vmId, parts.hookRunDir)
}

async function finishStart(parts: VmParts, vmId: string): Promise<void> {
  await finishLaunch(parts, vmId)
  await removeLaunchFlags(vmId, parts.hookRunDir)
}

/** A hypervisor may have gone on with it while there was no agent. */
async function stopEarlierMove({ hypervisor, store, log }: VmParts, vmId: string): Promise<void> {
  try {
    if ((await hypervisor.cancelMigration(vmId)) === 'here') return
    store.change(vmId, (vm) => ({ ...vm, handOver: vm.handOver ?? 'told' }))
  } catch (error) {
    log.error({ vmId, err: error }, 'a migration that an earlier agent began cannot be stopped')
  }
}

const settleMove = (parts: VmParts, vmId: string) => settleHandOver(parts, vmId, interrupted)

/** It had not been handed over, so it cannot run there. What was prepared for it there waits in vain. */
async function stopMove(parts: VmParts, vmId: string): Promise<void> {
  const { hypervisor, connectPeer, log, store } = parts
  const { destination = '' } = store.get(vmId)!
  await hypervisor.resume(vmId).catch((error) => log.error({ vmId, err: error }, 'the guest cannot be continued'))
  await connectPeer(destination).then(
    async (peer) => {
      await forgetThere(parts, peer, vmId)
      await peer.client.close()
    },
    (error) => log.warn({ vmId, destination, err: error }, 'the destination could not be told to forget the VM'),
  )
  await stayHere(parts, vmId, interrupted)
}

/** A plug that was begun is undone, so that the engine may begin it again; an unplug that was begun is finished. */
async function settleNics(parts: VmParts, { vmId, nics }: VmRecord): Promise<void> {
  for (const { mac, step } of nics) if (step !== 'plugged') await undoPlug(parts, vmId, mac)
}
