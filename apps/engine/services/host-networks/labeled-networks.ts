// Networks with a label follow it to the hosts that have it, whenever label or cluster change. The change itself does not wait
// for the hosts; what a host refuses is an event of it.
import { lastingId } from '../../lasting-id.ts'
import type { Parts } from '../../lifecycle/workflows/parts.ts'
import type { Network } from '../../store/entities/networks.ts'
import type { HostNetworkService } from './host-networks.ts'
import type { LabelFollowing } from './labeled-attachments.ts'
import type { UnmanagedNetworkService } from './unmanaged-networks.ts'

export interface LabeledNetworks {
  /** It has a new label, or lost `unlabeled`; in the clusters where it is. */
  labelChanged(network: Pick<Network, 'id' | 'label'>, unlabeled?: string): void
  /** It came to a cluster, or left it. */
  clusterChanged(network: Pick<Network, 'id' | 'label'>, clusterId: string): void
  /** It came to another cluster, or is back after it was away. */
  hostChanged(hostId: string): void
  /** Hosts that have the network because of its label: asked before it is removed. */
  carriersOf(network: Pick<Network, 'id' | 'label'>): Promise<string[]>
  removed(network: Pick<Network, 'vdsmName'>, carriers: readonly string[]): void
}

export function createLabeledNetworks(
  { store, log, locks }: Pick<Parts, 'store' | 'log' | 'locks'>,
  hostNetworks: Pick<HostNetworkService, 'followLabels'>,
  unmanaged: Pick<UnmanagedNetworkService, 'remove'>,
): LabeledNetworks {
  const follow = (hostId: string, following: LabelFollowing) =>
    hostNetworks
      .followLabels(hostId, following)
      .catch((err) => log.warn({ err, host: hostId, ...following }, 'a host did not follow the label of a network'))

  async function followAll(label: string, clusterIds: readonly string[], following: LabelFollowing): Promise<void> {
    if (label === '') return
    const labeled = await store.nicLabels.find({ label })
    const hosts = await store.hosts.getAll(labeled.map(({ hostId }) => hostId))
    for (const { id, clusterId } of hosts.values()) if (clusterIds.includes(clusterId)) void follow(id, following)
  }

  const behind = (work: Promise<unknown>) =>
    void work.catch((err) => log.warn({ err }, 'the hosts of a label could not be found'))

  return {
    labelChanged({ id: networkId, label }, unlabeled) {
      const clusters = store.networkClusters.find({ networkId })
      const following = { networkId, ...(unlabeled !== undefined && { unlabeled }) }
      behind(
        clusters.then((all) =>
          followAll(
            unlabeled ?? label,
            all.map(({ clusterId }) => clusterId),
            following,
          ),
        ),
      )
    },
    clusterChanged: ({ id: networkId, label }, clusterId) => behind(followAll(label, [clusterId], { networkId })),
    hostChanged: (hostId) =>
      behind(store.nicLabels.find({ hostId }).then(({ length }) => (length > 0 ? follow(hostId, {}) : undefined))),
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
