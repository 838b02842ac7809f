// VM.shutdown: the guest is asked to end or to start anew. That it did is told like any end of a guest; it may also ignore it.
import { runningVm } from './running-vm.ts'
import { cpusOf, type VmParts } from './vm-parts.ts'

export interface ShutdownRequest {
  readonly reboot: boolean
  /** End it, if it cannot be asked. */
  readonly force: boolean
}

/** Throws NoSuchVM, VMIsDown or MigrationInProgress. Resolves when the guest was asked. */
export async function shutdownVm(parts: VmParts, vmId: string, { reboot, force }: ShutdownRequest): Promise<void> {
  const { store, hypervisor, locks, log } = parts
  await locks.exclusive(cpusOf(vmId), async () => {
    runningVm(store, vmId)
    try {
      await hypervisor.ask(vmId, reboot ? 'reboot' : 'shutdown')
      if (!reboot && store.get(vmId)) store.change(vmId, (vm) => ({ ...vm, askedToEndAt: Date.now() }))
    } catch (error) {
      if (!force || reboot) throw error
      log.warn({ vmId, err: error }, 'a guest that could not be asked is ended')
      await hypervisor.destroy(vmId)
    }
  })
}
