// Takes a NIC out of a running VM and off its network: the end of an unplug, and what undoes a plug.
import { withNicMetadata } from '../../domain-xml/domain.ts'
import { withNic } from '../../vm-records/vm-record.ts'
import type { VmParts } from '../vm-parts.ts'

/** The NIC's step is `unplugging`. May be repeated; rejects with the NIC still on record. */
export async function removeNic({ store, wiring, hypervisor }: VmParts, vmId: string, mac: string): Promise<void> {
  await hypervisor.detach(vmId, mac)
  await wiring.release(vmId, mac)
  store.settle(vmId, (vm) => ({ ...withNic(vm, mac, undefined), xml: withNicMetadata(vm.xml, mac, undefined) }))
}
