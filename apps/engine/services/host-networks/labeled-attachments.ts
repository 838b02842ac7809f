// What labels do: the networks of the cluster with the label of an interface are attached to it.
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

/** What happened to networks with a label. */
export interface LabelFollowing {
  /** Undefined: all of them, as the host came to another cluster. */
  readonly networkId?: string
  /** The label that the network had until now. */
  readonly unlabeled?: string
}

/** What a host still has to do: attach what has its labels, and let go what had them or has left its cluster. */
export function attachmentsFollowing(
  networking: HostNetworking,
  { networkId, unlabeled }: LabelFollowing,
): { attachments: NetworkAttachment[]; removed: NetworkAttachment[] } {
  const { roles } = networking
  const labels = networking.labels.filter(({ nicName }) => networking.nics.some(({ name }) => name === nicName))
  const isMeant = (attachment: NetworkAttachment) => networkId === undefined || attachment.networkId === networkId
  const wasLabeled = labels.filter(({ label }) => label === unlabeled).map(({ nicName }) => nicName)
  const leaving =
    unlabeled === undefined
      ? attachmentsOfLabels(networking, labels).filter((attachment) => !roles.has(attachment.networkId))
      : networking.attachments.filter(({ nicName }) => wasLabeled.includes(nicName))
  return { attachments: attachmentsByLabels(networking, labels).filter(isMeant), removed: leaving.filter(isMeant) }
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
    },
  ]
}

/** Who reaches hosts by the network must find an address there. */
export const isRole = ({ display, migration, gluster, defaultRoute }: NetworkCluster) =>
  display || migration || gluster || defaultRoute
