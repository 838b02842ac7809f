// VM.hibernate: the guest's memory goes to a file, and its NICs are off their networks until it is restored.
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { exitReasons, type VmRecord } from '../../vm-records/vm-record.ts'
import { giveUp } from '../create-vm.ts'
import { domainOf } from '../domain-of.ts'
import { failureOf } from '../migration/failure-of.ts'
import { releaseNics } from '../nics/release-nics.ts'
import { runningVm } from '../running-vm.ts'
import { cpusOf, inBackground, type VmParts } from '../vm-parts.ts'

/** Answers when it has begun. The VM is Down with exit reason 5 then, or Up again if it could not be saved. */
export async function hibernateVm(parts: VmParts, vmId: string, handle: string): Promise<void> {
  await parts.locks.exclusive(cpusOf(vmId), async () => {
    savableVm(parts, vmId)
    parts.store.setStatus(vmId, 'Saving State')
  })
  const saved = parts.locks.exclusive(vmId, () => save(parts, vmId, handle))
  inBackground(parts, vmId, 'the hibernation', saved)
}

function savableVm({ store }: VmParts, vmId: string): VmRecord {
  const vm = runningVm(store, vmId)
  if (vm.status === 'Paused') throw vdsmError('UnexpectedError', `VM ${vmId} is paused: continue it to hibernate it`)
  return vm
}

async function save(parts: VmParts, vmId: string, handle: string): Promise<void> {
  const { store, hooks, wiring, hypervisor, savedVms, log } = parts
  const vm = store.get(vmId)!
  try {
    await hooks.runXml('before_vm_hibernate', domainOf(vm), { vm })
  } catch (error) {
    log.warn({ vmId, err: error }, 'a hook keeps the VM running')
    store.change(vmId, (before) => ({ ...before, status: 'Up', migration: { ...failureOf(error), progress: 0 } }))
    return
  }
  try {
    const memoryFile = savedVms.begin(vmId, { handle, domainXml: domainOf(vm) })
    for (const { mac } of vm.nics) await wiring.beforeRelease(vmId, mac)
    await hypervisor.save(vmId, memoryFile)
  } catch (error) {
    log.warn({ vmId, err: error }, 'the VM could not be saved')
    return settleHibernation(parts, vmId, error)
  }
  await saved(parts, vmId)
}

/** After a failure, or a restart of the agent: a guest that is still there goes on; one that is not was saved, or lost. */
export async function settleHibernation(parts: VmParts, vmId: string, reason: unknown): Promise<void> {
  const { hypervisor, savedVms } = parts
  await hypervisor.cancelMigration(vmId)
  if ((await hypervisor.guests()).some((guest) => guest.vmId === vmId)) return goOnRunning(parts, vmId, reason)
  if (savedVms.complete(vmId)) return saved(parts, vmId)
  await giveUp(parts, vmId, 'The guest was gone when it was to be saved', exitReasons.domainMissing)
}

/** The memory is in its file. May be repeated. */
async function saved(parts: VmParts, vmId: string): Promise<void> {
  const { store, hooks, hypervisor, savedVms } = parts
  savedVms.complete(vmId)
  await hypervisor.destroy(vmId)
  await releaseNics(parts, vmId)
  const vm = store.get(vmId)!
  await hooks.runXml('after_vm_hibernate', domainOf(vm), { vm })
  const exitMessage = 'SaveState succeeded'
  store.setStatus(vmId, 'Down', { exitCode: 0, exitReason: exitReasons.saved, exitMessage })
}

/** Its drivers are told to connect what they were told to be about to let go. */
async function goOnRunning(parts: VmParts, vmId: string, reason: unknown): Promise<void> {
  const { store, wiring, hypervisor, savedVms, log } = parts
  savedVms.remove(vmId)
  try {
    for (const { mac } of store.get(vmId)!.nics) await wiring.connect(vmId, mac)
    await hypervisor.resume(vmId)
  } catch (error) {
    log.error({ vmId, err: error }, 'a VM that could not be saved does not run as before')
  }
  store.change(vmId, (vm) => ({ ...vm, status: 'Up', migration: { ...failureOf(reason), progress: 0 } }))
}
