// What the real engine forbids for vNICs, by their network and while they are plugged into a running VM.
import { Fault } from '../../faults.ts'
import { capabilitiesOf, mayHaveNetwork } from '../../hosts/host-capabilities.ts'
import { needsOf } from '../../scheduler/network-needs.ts'
import type { Nic } from '../../store/entities/vms.ts'
import type { Tables } from '../../store/store.ts'
import { resolveVnic } from '../../store/vnic-connections.ts'

const isOnExternalNetwork = async (tables: Tables, nic: Nic) => (await resolveVnic(tables, nic)) !== undefined

/** A port has no such state: a vNIC of an external network is plugged and linked, or neither. */
export async function refusePluggedUnlinked(tables: Tables, nic: Nic, action: string): Promise<void> {
  if (nic.plugged && !nic.linked && (await isOnExternalNetwork(tables, nic)))
    throw new Fault('PLUGGED_UNLINKED_VM_INTERFACE_WITH_EXTERNAL_NETWORK_IS_NOT_SUPPORTED', { action })
}

/** Of a vNIC that is plugged into a running VM. One that is unplugged by the same request may change its network. */
export async function refuseHotUpdate(tables: Tables, before: Nic, after: Nic, action: string): Promise<void> {
  if (!before.plugged) return
  if (before.mac !== after.mac || before.model !== after.model) throw new Fault('CANNOT_PERFORM_HOT_UPDATE', { action })
  const isRewired = before.profileId !== after.profileId || before.linked !== after.linked
  if (!after.plugged || !isRewired) return
  if ((await isOnExternalNetwork(tables, before)) || (await isOnExternalNetwork(tables, after)))
    throw new Fault('ACTION_TYPE_FAILED_EXTERNAL_NETWORK_CANNOT_BE_REWIRED', { action })
}

/** Of a vNIC that is to be plugged into a running VM: its host must have been set up for the network. */
export async function refuseMissingOnHost(tables: Tables, nic: Nic, hostId: string, action: string): Promise<void> {
  const [need] = await needsOf(tables, [nic])
  if (!need?.onHost || mayHaveNetwork(await capabilitiesOf(tables, hostId), need.onHost.vdsmName)) return
  const network = need.network.name
  throw need.onHost === need.network
    ? new Fault('ACTIVATE_DEACTIVATE_NETWORK_NOT_IN_VDS', { action, network })
    : new Fault('PHYSICAL_NETWORK_LINKED_TO_EXTERNAL_NOT_IN_VDS', { action, network, physical: need.onHost.name })
}

/** Where an address may be used twice, it is plugged once. */
export async function refuseMacPluggedElsewhere(tables: Tables, { id, mac }: Nic, action: string): Promise<void> {
  const others = await tables.nics.find({ mac, plugged: true })
  if (others.some((other) => other.id !== id)) throw new Fault('NETWORK_MAC_ADDRESS_IN_USE', { action, mac })
}
