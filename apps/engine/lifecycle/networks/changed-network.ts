// The rows of a network that changes: itself, and the profiles that go with it.
import type { EventLog } from '../../events/event-log.ts'
import type { Network } from '../../store/entities/networks.ts'
import type { Tables } from '../../store/store.ts'
import { activeVnicsOf } from './network-use.ts'

/** Answers the vNICs that are wired otherwise until they are plugged again: `nic1 of VM vm`. */
export async function writeChangedNetwork(tables: Tables, before: Network, after: Network): Promise<string[]> {
  await tables.networks.update(after.id, after)
  await bringProfilesAlong(tables, before, after)
  return wiredOtherwise(tables, before, after)
}

/** vNICs whose hosts were told what the network was before. */
export async function wiredOtherwise(tables: Tables, before: Network, after: Network): Promise<string[]> {
  const isRewired = after.mtu !== before.mtu || after.vlanId !== before.vlanId
  return isRewired ? activeVnicsOf(tables, await tables.vnicProfiles.find({ networkId: after.id })) : []
}

export async function tellOfChange(events: EventLog, { name }: Network, outOfSync: readonly string[]): Promise<void> {
  await events.tell('NETWORK_UPDATE_NETWORK', `Network ${name} was updated.`)
  if (outOfSync.length === 0) return
  await events.tell(
    'VNICS_OUT_OF_SYNC_ON_NETWORK_UPDATE',
    `Update to network ${name} was not applied to virtual network interfaces [${outOfSync.join(', ')}]. The actual configuration on the interfaces may differ from the displayed one.`,
  )
}

/** The default profile keeps the network's name, unless another has that name; a network that is not for VMs has none. */
async function bringProfilesAlong({ vnicProfiles }: Tables, before: Network, after: Network): Promise<void> {
  const profiles = await vnicProfiles.find({ networkId: after.id })
  if (!after.vmNetwork) {
    for (const { id } of profiles) await vnicProfiles.remove(id)
    return
  }
  const own = profiles.find(({ name }) => name === before.name)
  if (own && !profiles.some(({ name }) => name === after.name)) await vnicProfiles.update(own.id, { name: after.name })
}
