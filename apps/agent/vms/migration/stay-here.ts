// A migration failed and the VM does not run on its destination: it goes on here as before.
import { VdsmError, vdsmErrors } from '@patchbay/vdsm-rpc/errors.ts'
import type { VmRecord } from '../../vm-records/vm-record.ts'
import { cpusOf, type Peer, type VmParts } from '../vm-parts.ts'
import { tellFailedMove } from './failed-move.ts'

/** `failure` is what VM.getMigrationStatus tells from now on. May be repeated. */
export async function stayHere(
  { store, hooks, wiring, hypervisor, locks, log }: VmParts,
  vmId: string,
  failure: { readonly code: number; readonly message: string },
): Promise<void> {
  const runs = await hypervisor.resume(vmId).then(
    () => true,
    (error) => log.error({ vmId, err: error }, 'a VM that did not leave cannot be continued'),
  )
  await tellFailedMove({ store, hooks }, vmId, 'source')
  // A driver may have begun to let go.
  for (const { mac } of store.get(vmId)!.nics) {
    await wiring
      .connect(vmId, mac)
      .catch((error) => log.error({ vmId, mac, err: error }, 'a NIC is not wired after a failed migration'))
  }
  await locks.exclusive(cpusOf(vmId), async () =>
    store.change(vmId, (vm) => ({
      ...withoutDestination(vm),
      status: runs ? 'Up' : 'Paused',
      migration: { ...failure, progress: 0 },
    })),
  )
}

export function withoutDestination({ destination: _nowhere, handOver: _settled, ...vm }: VmRecord): VmRecord {
  return vm
}

/**
 * Tells the destination, which has not been told to run the VM, that it will not come. A VM that runs there under the
 * same id is another one, or this one if it was to be moved to its own host: it is left alone. Never rejects.
 */
export async function forgetThere({ log }: VmParts, { client }: Peer, vmId: string): Promise<void> {
  try {
    const { status } = (await client.call('VM.getInfo', { vmID: vmId })) as { status: string }
    if (status === 'Migration Destination' || status === 'Down') await client.call('VM.destroy', { vmID: vmId })
  } catch (error) {
    if (!(error instanceof VdsmError && error.code === vdsmErrors.NoSuchVM.code))
      log.warn({ vmId, err: error }, 'the destination could not be told to forget the VM')
  }
}
