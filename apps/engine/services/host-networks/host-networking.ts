// What the engine knows of the networks of a host: read together, looked at by everything that shows or changes them.

import { capabilitiesOf } from '../../hosts/host-capabilities.ts'
import { type HostNic, nicsOf } from '../../hosts/host-nics.ts'
import type { NetworkAttachment, NicLabel } from '../../store/entities/host-networks.ts'
import type { Cluster, Host, HostCapabilities } from '../../store/entities/infrastructure.ts'
import type { Network, NetworkCluster } from '../../store/entities/networks.ts'
import type { Tables } from '../../store/store.ts'
import { existing } from '../names.ts'

export interface HostNetworking {
  readonly host: Host
  readonly cluster: Cluster
  readonly capabilities: HostCapabilities
  readonly nics: readonly HostNic[]
  readonly attachments: readonly NetworkAttachment[]
  readonly labels: readonly NicLabel[]
  /** Of the data center. */
  readonly networks: ReadonlyMap<string, Network>
  /** What they are for in the host's cluster, by network; those that are not attached to it are not there. */
  readonly roles: ReadonlyMap<string, NetworkCluster>
}

/** Throws NOT_FOUND. */
export async function networkingOf(tables: Tables, hostId: string): Promise<HostNetworking> {
  const host = await existing(tables.hosts, 'Host', hostId)
  const cluster = await existing(tables.clusters, 'Cluster', host.clusterId)
  const capabilities = await capabilitiesOf(tables, hostId)
  const networks = await tables.networks.find({ dataCenterId: cluster.dataCenterId })
  const roles = await tables.networkClusters.find({ clusterId: cluster.id })
  return {
    host,
    cluster,
    capabilities,
    nics: nicsOf(hostId, capabilities),
    attachments: (await tables.networkAttachments.find({ hostId })).filter(({ networkId }) =>
      networks.some(({ id }) => id === networkId),
    ),
    labels: await tables.nicLabels.find({ hostId }),
    networks: new Map(networks.map((network) => [network.id, network])),
    roles: new Map(roles.map((role) => [role.networkId, role])),
  }
}
