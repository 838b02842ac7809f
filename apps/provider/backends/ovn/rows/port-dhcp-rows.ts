// A port with extra DHCP options has a row of DHCP_Options of its own for each IP version: what the subnet of its first
// address says, and the port's options on top. It belongs to no network, so that nobody takes it for a subnet.
import { createHash } from 'node:crypto'
import type { Port } from '@patchbay/networking-api/resources/ports.ts'
import type { Operation } from '@patchbay/ovsdb/wire/operations/operations.ts'
import { type DhcpOptionsRow, followedSubnetKey, nb } from '../northbound.ts'
import { ovnOption } from './dhcp-option-names.ts'
import { type Image, insertion, modification } from './image.ts'
import { dhcpOptions, type SubnetOfNetwork } from './subnet-rows.ts'

export const portKey = 'patchbay_port'

const versions = [4, 6] as const
type IpVersion = (typeof versions)[number]

/** The row that a port's DHCP answers are made of; `null`: it has no address of this version. */
export function dhcpRowOf(port: Port, version: IpVersion): string | null {
  const subnetId = subnetOf(port, version)
  if (subnetId === undefined) return null
  return hasOwn(port, version) ? ownRowId(port.id, version) : subnetId
}

/** Whether a change of subnets may matter to it. */
export const hasOwnDhcp = (port: Port | undefined) => versions.some((version) => port && hasOwn(port, version))

/** A port, and how its subnets are. */
export interface PortDhcp {
  readonly port: Port
  readonly subnet: (id: string) => SubnetOfNetwork | undefined
}

/** What makes the port's own rows of its state after. `portId`: of its row. `rowOf`: as rows are in the database. */
export function portDhcpOperations(
  portId: string,
  before: PortDhcp | undefined,
  after: PortDhcp | undefined,
  rowOf: (id: string) => DhcpOptionsRow | undefined,
): Operation[] {
  return versions.flatMap((version) => {
    const id = ownRowId(portId, version)
    const [old, now] = [before && imageOf(before, version), after && imageOf(after, version)]
    const isThere = rowOf(id) !== undefined
    if (now) return isThere ? modification('DHCP_Options', id, old ?? empty, now) : [insertion('DHCP_Options', id, now)]
    return isThere ? [nb.delete('DHCP_Options', [['_uuid', '==', id]])] : []
  })
}

const empty: Image = { columns: {}, maps: {} }

function imageOf({ port, subnet: subnetWith }: PortDhcp, version: IpVersion): Image | undefined {
  const id = subnetOf(port, version)
  const of = id !== undefined && hasOwn(port, version) ? subnetWith(id) : undefined
  if (!of) return undefined
  return {
    columns: { cidr: of.subnet.cidr },
    maps: {
      options: withOwn(dhcpOptions(of), port, version),
      external_ids: { [portKey]: port.id, [followedSubnetKey]: of.subnet.id },
    },
  }
}

/** Where the subnet's DHCP is off, so is the port's. */
function withOwn(options: Record<string, string>, port: Port, version: IpVersion): Record<string, string> {
  if (options.server_id === undefined) return {}
  const own = Object.fromEntries(optionsOf(port, version).map(ovnOption))
  return Object.fromEntries(Object.entries({ ...options, ...own }).filter(([, value]) => value !== ''))
}

const optionsOf = ({ extra_dhcp_opts: all }: Port, version: IpVersion) =>
  all.filter(({ ip_version }) => ip_version === version)
const hasOwn = (port: Port, version: IpVersion) => optionsOf(port, version).length > 0

const subnetOf = ({ fixed_ips }: Port, version: IpVersion) =>
  fixed_ips.find(({ ip_address }) => ip_address.includes(':') === (version === 6))?.subnet_id

/** Always the same for a port (RFC 4122, version 5): no row has to say it. */
function ownRowId(portId: string, version: IpVersion): string {
  const bytes = createHash('sha1').update(`${portId} dhcpv${version}`).digest().subarray(0, 16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x50
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
