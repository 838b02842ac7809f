// What a network is made of below: a tunnel with a number, or a physical network with or without a VLAN tag.
import { invalidInput, NetworkingError } from '@patchbay/networking-api/errors.ts'
import type { Network, NetworkDraft } from '@patchbay/networking-api/resources/networks.ts'
import type { Backend, Capabilities, Transaction } from '../../backends/backend.ts'

/** Tunnel ids of networks: the VNIs of VXLAN, 24 bits. */
const tunnelIds = 'tunnel-ids'
const allTunnelIds = [{ first: 1n, last: 16_777_215n }]

export type Segment = Pick<Network, 'provider:network_type' | 'provider:physical_network' | 'provider:segmentation_id'>

/** Readies the pool of tunnel ids. Called once, when a backend is new. */
export async function prepareSegments({ capabilities, write }: Backend): Promise<void> {
  if (!capabilities.numbersTunnels) return
  await write(({ numbers }) => {
    if (!numbers.inUse(tunnelIds)) numbers.define(tunnelIds, allTunnelIds)
  })
}

/** Takes the segment that a network asks for, or the default one. */
export function takeSegment(transaction: Transaction, capabilities: Capabilities, draft: NetworkDraft): Segment {
  const type = draft['provider:network_type'] ?? capabilities.defaultNetworkType
  if (!capabilities.networkTypes.includes(type)) throw invalidInput(`network_type value '${type}' not supported`)
  const physical = draft['provider:physical_network'] ?? null
  const wanted = draft['provider:segmentation_id'] ?? null
  const segment = (id: number | null) =>
    ({
      'provider:network_type': type,
      'provider:physical_network': physical,
      'provider:segmentation_id': id,
    }) as Segment
  if (type === 'flat' || type === 'vlan') {
    refuseBadPhysical(transaction, type, physical, wanted)
    return segment(wanted)
  }
  if (physical !== null) throw invalidInput(`provider:physical_network specified for ${type} network`)
  return segment(takeTunnelId(transaction, capabilities, wanted))
}

export function releaseSegment({ numbers }: Transaction, capabilities: Capabilities, network: Network): void {
  const id = network['provider:segmentation_id']
  if (capabilities.numbersTunnels && id !== null) numbers.release(tunnelIds, BigInt(id), allTunnelIds)
}

/** null where the backend numbers its tunnels by itself, and nobody asked for a number. */
function takeTunnelId(
  transaction: Transaction,
  { numbersTunnels }: Capabilities,
  wanted: number | null,
): number | null {
  if (wanted !== null && isTunnelIdUsed(transaction, wanted, numbersTunnels))
    throw new NetworkingError('TunnelIdInUse', { segmentationId: wanted })
  if (wanted !== null || !numbersTunnels) return wanted
  const id = transaction.numbers.takeAny(tunnelIds)
  if (id === undefined) throw new NetworkingError('NoNetworkAvailable')
  return Number(id)
}

/** Takes it, where numbers are given out here. */
function isTunnelIdUsed({ networks, numbers }: Transaction, id: number, numbersTunnels: boolean): boolean {
  if (numbersTunnels) return !numbers.take(tunnelIds, BigInt(id))
  return [...networks.all()].some(
    (other) => other['provider:physical_network'] === null && other['provider:segmentation_id'] === id,
  )
}

function refuseBadPhysical(
  { networks }: Transaction,
  type: 'flat' | 'vlan',
  physical: string | null,
  tag: number | null,
): void {
  if (physical === null) throw invalidInput(`provider:physical_network is required for ${type} networks`)
  if (type === 'flat' && tag !== null) throw invalidInput('provider:segmentation_id specified for flat network')
  if (type === 'vlan' && tag === null) throw invalidInput('provider:segmentation_id is required for vlan networks')
  if (tag !== null && tag > 4094) throw invalidInput('VLAN tag must be between 1 and 4094')
  for (const other of networks.all())
    if (other['provider:physical_network'] === physical && other['provider:segmentation_id'] === tag)
      throw tag === null
        ? new NetworkingError('FlatNetworkInUse', { physical })
        : new NetworkingError('VlanIdInUse', { tag, physical })
}
