// The machine that an operation on a VM's hardware changes, and what is known of it.
import { type VdsmErrorName, vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { withHardwareOf } from '../../domain-xml/hardware.ts'
import type { Machine } from '../../hypervisors/machine.ts'
import type { VmParts } from '../vm-parts.ts'

/** Throws MethodNotImplemented where guests are no machines. */
export function machineOf({ hypervisor }: VmParts): Machine {
  if (hypervisor.machine) return hypervisor.machine
  throw vdsmError('MethodNotImplemented', `guests of ${hypervisor.name} have no disks, memory, CPUs or consoles`)
}

/** Throws `failure` with the reason. A change may have come about all the same, where libvirtd was cut off in its middle. */
export async function carryOut(parts: VmParts, vmId: string, change: Promise<void>, failure: VdsmErrorName) {
  try {
    await change
  } catch (error) {
    await recordHardware(parts, vmId).catch((unknown) =>
      parts.log.warn({ vmId, err: unknown }, 'what became of a machine is not known'),
    )
    throw vdsmError(failure, (error as Error).message)
  }
}

/** Written down as it is now: what was plugged goes along when the VM moves or hibernates. `edit` is what is not real. */
export async function recordHardware(
  { store, hypervisor }: Pick<VmParts, 'store' | 'hypervisor'>,
  vmId: string,
  edit: (domainXml: string) => string = (domainXml) => domainXml,
): Promise<void> {
  const realXml = await hypervisor.machine?.domain(vmId)
  if (realXml === undefined) return
  store.change(vmId, (vm) => ({ ...vm, xml: edit(withHardwareOf(vm.xml, realXml)) }))
}
