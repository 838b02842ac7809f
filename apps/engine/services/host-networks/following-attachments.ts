// What hosts do by themselves as networks change: those of the cluster with the label of an interface are attached to it, and
// what is attached follows its network.
import { randomUUID } from 'node:crypto'
import type { NetworkAttachment, NicLabel } from '../../store/entities/host-networks.ts'
import type { Network, NetworkCluster } from '../../store/entities/networks.ts'
import type { HostNetworking } from './host-networking.ts'

/** Attachments that these labels still need: new ones, and those that come from another interface. */
export function attachmentsByLabels(networking: HostNetworking, labels: readonly NicLabel[]): NetworkAttachment[] {
  return labels.flatMap(({ label, nicName }) =>
    networksOf(networking, label).flatMap((network) => attachmentTo(networking, network, nicName)),
  )
}

/** Attachments that are there because of these labels. */
export function attachmentsOfLabels(
  { attachments, networks }: HostNetworking,
  labels: readonly NicLabel[],
): NetworkAttachment[] {
  return attachments.filter(({ networkId, nicName }) =>
    labels.some((each) => each.nicName === nicName && each.label === networks.get(networkId)?.label),
  )
}

/** Undefined: all networks, as the host came to another cluster, or is back. */
export interface Following {
  readonly networkId?: string
}

/**
 * What a host still has to do: attach what has its labels, bring up to date what changed, and let go what has lost its label or
 * has left the cluster.
 */
export function attachmentsFollowing(
  networking: HostNetworking,
  { networkId }: Following,
): { attachments: NetworkAttachment[]; removed: NetworkAttachment[] } {
  const { roles, nics, attachments } = networking
  const labels = networking.labels.filter(({ nicName }) => nics.some(({ name }) => name === nicName))
  const isMeant = (attachment: NetworkAttachment) => networkId === undefined || attachment.networkId === networkId
  const ofLabels = attachmentsOfLabels(networking, labels)
  const byLabels = attachmentsByLabels(networking, labels)
  const changed = attachments.filter(
    ({ id, awaits, networkId }) =>
      awaits === 'sync' && roles.has(networkId) && !byLabels.some((each) => each.id === id),
  )
  const leaving = ofLabels.filter((attachment) => !roles.has(attachment.networkId))
  // Somebody may have given it a label again meanwhile.
  const unlabeled = attachments.filter(
    (attachment) =>
      attachment.awaits === 'detach' &&
      !ofLabels.includes(attachment) &&
      !byLabels.some(({ id }) => id === attachment.id),
  )
  return { attachments: [...byLabels, ...changed].filter(isMeant), removed: [...leaving, ...unlabeled].filter(isMeant) }
}

/** External networks have no label. */
function networksOf({ networks, roles }: HostNetworking, label: string): Network[] {
  return [...networks.values()].filter((network) => network.label === label && roles.has(network.id))
}

function attachmentTo({ host, attachments, roles }: HostNetworking, { id }: Network, nicName: string) {
  const before = attachments.find(({ networkId }) => networkId === id)
  if (before) return before.nicName === nicName ? [] : [{ ...before, nicName }]
  const isReached = isRole(roles.get(id)!)
  return [
    {
      id: randomUUID(),
      hostId: host.id,
      networkId: id,
      nicName,
      // Nobody said an address, and the network is of no use without.
      ipAssignments: isReached
        ? ([{ version: 'v4', method: 'dhcp', address: '', netmask: '', gateway: '' }] as const)
        : [],
      nameServers: [],
      properties: {},
      awaits: '' as const,
    },
  ]
}

/** Who reaches hosts by the network must find an address there. */
export const isRole = ({ display, migration, gluster, defaultRoute }: NetworkCluster) =>
  display || migration || gluster || defaultRoute
