// What a host tells of its networks, made the engine's: a network that somebody set up there is an attachment, and one that is
// gone is none any more.
import { randomUUID } from 'node:crypto'
import type { IpAssignment, NetworkAttachment } from '../store/entities/host-networks.ts'
import type { HostCapabilities, NetworkOnHost } from '../store/entities/infrastructure.ts'
import type { Network } from '../store/entities/networks.ts'
import type { Tables } from '../store/store.ts'
import { baseOf } from './host-nics.ts'

/** Nothing changes where the host does not tell its networks. */
export async function recordReportedAttachments(
  tables: Tables,
  hostId: string,
  capabilities: HostCapabilities,
): Promise<void> {
  const { networks: reported } = capabilities
  if (reported === undefined) return
  const before = await tables.networkAttachments.find({ hostId })
  if (before.length === 0 && Object.keys(reported).length === 0) return
  const known = new Map(before.map((attachment) => [attachment.networkId, attachment]))
  for (const network of await networksOfCluster(tables, hostId)) {
    const told = Object.hasOwn(reported, network.vdsmName) ? reported[network.vdsmName]! : undefined
    const nicName = told && baseOf(capabilities, told)
    if (told === undefined || nicName === undefined) continue
    const attachment = known.get(network.id)
    known.delete(network.id)
    if (!attachment) await tables.networkAttachments.insert(reportedAttachment(hostId, network.id, nicName, told))
    else if (attachment.nicName !== nicName) await tables.networkAttachments.update(attachment.id, { nicName })
  }
  for (const attachment of known.values())
    if (!(await isLeaving(tables, attachment, reported))) await tables.networkAttachments.remove(attachment.id)
}

/** The network came by a label and has left the cluster, but not the host yet: who takes it off has to know that it is there. */
async function isLeaving(
  { networks, nicLabels }: Tables,
  { hostId, networkId, nicName }: NetworkAttachment,
  reported: NonNullable<HostCapabilities['networks']>,
): Promise<boolean> {
  const network = await networks.get(networkId)
  if (!network || network.label === '' || !Object.hasOwn(reported, network.vdsmName)) return false
  return (await nicLabels.find({ hostId, label: network.label })).some((label) => label.nicName === nicName)
}

async function networksOfCluster(tables: Tables, hostId: string): Promise<Network[]> {
  const clusterId = (await tables.hosts.get(hostId))?.clusterId
  if (clusterId === undefined) return []
  const attached = await tables.networkClusters.find({ clusterId })
  const networks = await tables.networks.getAll(attached.map(({ networkId }) => networkId))
  return [...networks.values()].filter(({ providerId }) => providerId === '')
}

const reportedAttachment = (
  hostId: string,
  networkId: string,
  nicName: string,
  told: NetworkOnHost,
): NetworkAttachment => ({
  id: randomUUID(),
  hostId,
  networkId,
  nicName,
  ipAssignments: [ipv4Of(told), ipv6Of(told)].filter(({ method }) => method !== 'none'),
  nameServers: [],
  properties: {},
  awaits: '',
})

const empty = { address: '', netmask: '', gateway: '' }

export function ipv4Of({ dhcpv4, addr, netmask = '', gateway = '' }: NetworkOnHost): IpAssignment {
  const method = dhcpv4 ? 'dhcp' : addr ? 'static' : 'none'
  return { version: 'v4', method, ...(method === 'none' ? empty : { address: addr ?? '', netmask, gateway }) }
}

export function ipv6Of({ dhcpv6, ipv6autoconf, ipv6addrs = [], ipv6gateway = '' }: NetworkOnHost): IpAssignment {
  const [address = '', netmask = ''] = (ipv6addrs[0] ?? '').split('/')
  const isStatic = address !== '' && { address, netmask, gateway: ipv6gateway === '::' ? '' : ipv6gateway }
  const automatic =
    dhcpv6 && ipv6autoconf ? 'poly_dhcp_autoconf' : dhcpv6 ? 'dhcp' : ipv6autoconf ? 'autoconf' : undefined
  return { version: 'v6', method: automatic ?? (isStatic ? 'static' : 'none'), ...empty, ...isStatic }
}
