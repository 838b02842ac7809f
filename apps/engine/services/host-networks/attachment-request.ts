// An attachment as requests give it, laid over what is there: checked in the order of the real engine.
import { randomUUID } from 'node:crypto'
import type { ValuesOf } from '@patchbay/ovirt-api/element.ts'
import type { networkAttachmentType } from '@patchbay/ovirt-api/types/host-networks.ts'
import { Fault } from '../../faults.ts'
import type { NetworkAttachment } from '../../store/entities/host-networks.ts'
import type { Network } from '../../store/entities/networks.ts'
import { checkedProperties } from '../names.ts'
import { nicFor } from './bond-request.ts'
import { isRole } from './following-attachments.ts'
import type { HostNetworking } from './host-networking.ts'
import { ipAssignments } from './ip-request.ts'
import { isDefaultRoute } from './sync-state.ts'

export type AttachmentRequest = ValuesOf<typeof networkAttachmentType.fields> & { readonly id?: string | undefined }

const action = 'setup Networks'

/** `newBonds`: names of bonds that are made along with it. */
export function plannedAttachment(
  networking: HostNetworking,
  request: AttachmentRequest,
  newBonds: ReadonlySet<string>,
): NetworkAttachment {
  const { id } = request
  const before = id === undefined ? undefined : networking.attachments.find((attachment) => attachment.id === id)
  if (id !== undefined && !before) throw new Fault('MODIFIED_NETWORK_ATTACHMENT_DOES_NOT_EXISTS', { action, id })
  const network = networkFor(networking, request, before)
  if (before && network.id !== before.networkId) throw new Fault('CANNOT_CHANGE_ATTACHED_NETWORK', { action, id: id! })
  checkAttachable(networking, network, before)
  const nicName = nicNameFor(networking, request, before, newBonds, network)
  const isDefault = isDefaultRoute(networking, network.id)
  const { ip_address_assignments: assignments, dns_resolver_configuration: dns, properties } = request
  const attachment = {
    id: before?.id ?? randomUUID(),
    hostId: networking.host.id,
    networkId: network.id,
    nicName,
    ipAssignments: assignments
      ? ipAssignments(assignments, { network: network.name, nic: nicName, isDefaultRoute: isDefault })
      : (before?.ipAssignments ?? []),
    nameServers: dns?.name_servers ?? before?.nameServers ?? [],
    properties: properties ? checkedProperties(properties, action) : (before?.properties ?? {}),
    awaits: '' as const,
  }
  checkRole(networking, network, attachment)
  return attachment
}

function networkFor(
  { networks, cluster }: HostNetworking,
  { network: given = {} }: AttachmentRequest,
  before: NetworkAttachment | undefined,
): Network {
  const id = given.id ?? (given.name === undefined ? before?.networkId : undefined)
  if (id === undefined && given.name === undefined)
    throw new Fault('NETWORK_ATTACHMENT_NETWORK_ID_OR_NAME_IS_NOT_SET', { action })
  if (id !== undefined) {
    const network = networks.get(id)
    if (!network) throw new Fault('NETWORK_HAVING_ID_NOT_EXISTS', { id })
    return network
  }
  const network = [...networks.values()].find(
    ({ name, dataCenterId }) => name === given.name && dataCenterId === cluster.dataCenterId,
  )
  if (!network) throw new Fault('NETWORK_HAVING_NAME_NOT_EXISTS', { name: given.name! })
  return network
}

function checkAttachable(
  { attachments, roles }: HostNetworking,
  { id, name, providerId }: Network,
  before: NetworkAttachment | undefined,
): void {
  const other = attachments.find(({ networkId }) => networkId === id)
  if (other && other.id !== before?.id)
    throw new Fault('ATTACHMENT_IS_NOT_REUSED', { action, network: name, attachment: other.id })
  if (providerId !== '') throw new Fault('EXTERNAL_NETWORK_HAVING_NAME_CANNOT_BE_PROVISIONED', { name })
  if (!roles.has(id)) throw new Fault('NETWORK_OF_GIVEN_NAME_NOT_EXISTS_IN_CLUSTER', { name })
}

function nicNameFor(
  { nics }: HostNetworking,
  { host_nic: given = {} }: AttachmentRequest,
  before: NetworkAttachment | undefined,
  newBonds: ReadonlySet<string>,
  network: Network,
): string {
  if (given.id === undefined && given.name === undefined) {
    if (before) return before.nicName
    throw new Fault('HOST_NETWORK_INTERFACE_DOES_NOT_HAVE_NAME_SET', { action })
  }
  const nic = nicFor(nics, given)
  if (nic?.vlan) throw new Fault('ATTACHMENT_REFERENCE_VLAN_DEVICE', { action, network: network.name, nic: nic.name })
  const name = nic?.name ?? given.name
  if (name === undefined || (!nic && !newBonds.has(name)))
    throw new Fault('HOST_NETWORK_INTERFACE_HAVING_ID_OR_NAME_DOES_NOT_EXIST', {
      action,
      id: given.id ?? '',
      name: given.name ?? '',
    })
  return name
}

/** Who reaches the host by a network must find an address there. */
function checkRole({ roles }: HostNetworking, { id, name }: Network, { ipAssignments }: NetworkAttachment): void {
  if (isRole(roles.get(id)!) && ipAssignments.every(({ method }) => method === 'none'))
    throw new Fault('ACTION_TYPE_FAILED_ROLE_NETWORK_HAS_NO_BOOT_PROTOCOL', { action, network: name })
}
