// A network leaves a host only when no VM there is plugged into it, nor into an external network that is linked to it.
import { Fault } from '../../faults.ts'
import type { NetworkAttachment } from '../../store/entities/host-networks.ts'
import type { Tables } from '../../store/store.ts'
import type { HostNetworking } from './host-networking.ts'

const action = 'setup Networks'

export async function refuseDetachingFromVms(
  tables: Tables,
  { host, networks }: HostNetworking,
  detached: readonly NetworkAttachment[],
): Promise<void> {
  if (detached.length === 0) return
  const vms = await tables.vms.find({ hostId: host.id })
  for (const { networkId } of detached) {
    const { name } = networks.get(networkId)!
    const users = await usersAmong(tables, vms, networkId)
    if (users.length > 0)
      throw new Fault('NETWORK_CANNOT_DETACH_NETWORK_USED_BY_VMS', { action, network: name, vms: users.join(', ') })
    for (const linked of [...networks.values()].filter(({ physicalNetworkId }) => physicalNetworkId === networkId)) {
      const others = await usersAmong(tables, vms, linked.id)
      if (others.length > 0)
        throw new Fault('NETWORK_CANNOT_DETACH_PHYSICAL_NETWORK_LINKED_TO_EXTERNAL_USED_BY_VM', {
          action,
          network: name,
          vms: others.join(', '),
        })
    }
  }
}

/** Names of the VMs that have a plugged vNIC on the network. */
async function usersAmong(
  tables: Tables,
  vms: readonly { readonly id: string; readonly name: string }[],
  networkId: string,
): Promise<string[]> {
  const using = new Set<string>()
  for (const { id: profileId } of await tables.vnicProfiles.find({ networkId }))
    for (const { vmId } of await tables.nics.find({ profileId, plugged: true })) using.add(vmId)
  return vms.filter(({ id }) => using.has(id)).map(({ name }) => name)
}
