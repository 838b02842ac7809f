// What hosts have yet to do about a network that changed, in the rows of its attachments: written with the change itself, so that
// neither an engine that ends nor a host that is away forgets it.
import type { Network } from '../../store/entities/networks.ts'
import type { Tables } from '../../store/store.ts'
import { networkingOf } from './host-networking.ts'
import { isInSync, reportedConfigurations } from './sync-state.ts'

/** Before `after` is written. Where the host had it otherwise anyway, it stays so until somebody synchronizes it, as in oVirt. */
export async function awaitSync(tables: Tables, before: Network, after: Network): Promise<void> {
  if (isSameOnHosts(before, after)) return
  for (const attachment of await tables.networkAttachments.find({ networkId: after.id })) {
    const networking = await networkingOf(tables, attachment.hostId)
    if (attachment.awaits === '' && isInSync(reportedConfigurations(networking, attachment)))
      await tables.networkAttachments.update(attachment.id, { awaits: 'sync' })
  }
}

function isSameOnHosts(before: Network, after: Network): boolean {
  const onHosts = ({ mtu, vlanId, stp, vmNetwork, dnsServers }: Network) =>
    JSON.stringify([mtu, vlanId, stp, vmNetwork, dnsServers])
  return onHosts(before) === onHosts(after)
}

/** The network loses this label: what came by it goes with it. */
export async function awaitDetaching(tables: Tables, networkId: string, label: string): Promise<void> {
  const labeled = await tables.nicLabels.find({ label })
  for (const { id, hostId, nicName } of await tables.networkAttachments.find({ networkId }))
    if (labeled.some((nic) => nic.hostId === hostId && nic.nicName === nicName))
      await tables.networkAttachments.update(id, { awaits: 'detach' })
}
