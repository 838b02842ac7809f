// Hosts follow what is said of networks: those with a label come to the interfaces that have it, and go when label or cluster
// change; what is attached becomes what its network has become. The change itself does not wait for the hosts: what a host refuses
// is an event of it, and is tried again when the host is back.
import { lastingId } from '../../lasting-id.ts'
import type { Parts } from '../../lifecycle/workflows/parts.ts'
import type { Network } from '../../store/entities/networks.ts'
import type { Following } from './following-attachments.ts'
import type { HostNetworkService } from './host-networks.ts'
import type { UnmanagedNetworkService } from './unmanaged-networks.ts'

export interface NetworksOnHosts {
  /** It, or its label; in the clusters where it is. */
  networkChanged(network: Pick<Network, 'id' | 'label'>): void
  /** It came to a cluster, or left it. */
  clusterChanged(network: Pick<Network, 'id' | 'label'>, clusterId: string): void
  /** It came to another cluster, or is back after it was away. */
  hostChanged(hostId: string): void
  /** Hosts that have the network because of its label: asked before it is removed. */
  carriersOf(network: Pick<Network, 'id' | 'label'>): Promise<string[]>
  removed(network: Pick<Network, 'vdsmName'>, carriers: readonly string[]): void
}

export function createNetworksOnHosts(
  { store, log, locks }: Pick<Parts, 'store' | 'log' | 'locks'>,
  hostNetworks: Pick<HostNetworkService, 'follow'>,
  unmanaged: Pick<UnmanagedNetworkService, 'remove'>,
): NetworksOnHosts {
  const follow = (hostId: string, following: Following) =>
    hostNetworks
      .follow(hostId, following)
      .catch((err) => log.warn({ err, host: hostId, ...following }, 'a host did not follow a change of its networks'))

  async function followAll({ id: networkId, label }: Pick<Network, 'id' | 'label'>, clusterIds: readonly string[]) {
    const labeled = label === '' ? [] : await store.nicLabels.find({ label })
    const attached = await store.networkAttachments.find({ networkId })
    const awaiting = attached.filter(({ awaits }) => awaits !== '')
    const hosts = await store.hosts.getAll([...new Set([...labeled, ...awaiting].map(({ hostId }) => hostId))])
    for (const { id, clusterId } of hosts.values()) if (clusterIds.includes(clusterId)) void follow(id, { networkId })
  }

  const behind = (work: Promise<unknown>) =>
    void work.catch((err) => log.warn({ err }, 'the hosts of a network could not be found'))

  async function isConcerned(hostId: string): Promise<boolean> {
    const attachments = await store.networkAttachments.find({ hostId })
    return attachments.some(({ awaits }) => awaits !== '') || (await store.nicLabels.find({ hostId })).length > 0
  }

  return {
    networkChanged(network) {
      const clusters = store.networkClusters.find({ networkId: network.id })
      const ids = clusters.then((all) => all.map(({ clusterId }) => clusterId))
      behind(ids.then((clusterIds) => followAll(network, clusterIds)))
    },
    clusterChanged: (network, clusterId) => behind(followAll(network, [clusterId])),
    hostChanged: (hostId) => behind(isConcerned(hostId).then((isIt) => (isIt ? follow(hostId, {}) : undefined))),
    async carriersOf({ id: networkId, label }) {
      if (label === '') return []
      const labeled = await store.nicLabels.find({ label })
      const attachments = await store.networkAttachments.find({ networkId })
      return attachments
        .filter(({ hostId, nicName }) => labeled.some((each) => each.hostId === hostId && each.nicName === nicName))
        .map(({ hostId }) => hostId)
    },
    removed({ vdsmName }, carriers) {
      for (const hostId of carriers)
        void locks
          .released(`host:${hostId}`)
          .then(() => unmanaged.remove(hostId, lastingId(hostId, 'unmanaged', vdsmName)))
          .catch((err) => log.warn({ err, host: hostId, network: vdsmName }, 'a removed network is still on a host'))
    },
  }
}
