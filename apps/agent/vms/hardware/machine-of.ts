// The machine that an operation on a VM's hardware changes, and what is known of it.
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { withHardwareOf } from '../../domain-xml/hardware.ts'
import type { Machine } from '../../hypervisors/machine.ts'
import type { VmParts } from '../vm-parts.ts'

/** Throws MethodNotImplemented where guests are no machines. */
export function machineOf({ hypervisor }: VmParts): Machine {
  if (hypervisor.machine) return hypervisor.machine
  throw vdsmError('MethodNotImplemented', `guests of ${hypervisor.name} have no disks, memory, CPUs or consoles`)
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
