// What can be done with networks.
import { invalidInput, NetworkingError } from '@patchbay/networking-api/errors.ts'
import {
  type Network,
  type NetworkAttributes,
  type NetworkDraft,
  networkType,
} from '@patchbay/networking-api/networks.ts'
import type { Backend, Capabilities, Transaction } from '../backends/backend.ts'
import { foundNetwork } from './found.ts'
import { checkRevision, listRows, ownedBy, type ResourceService, type ServiceParts } from './resource-service.ts'
import { dropSubnet } from './subnets.ts'

/** Tunnel ids of networks: the VNIs of VXLAN, 24 bits. */
const tunnelIds = 'tunnel-ids'
const allTunnelIds = [{ first: 1n, last: 16_777_215n }]

export function createNetworkService({ backend, now, newId }: ServiceParts): ResourceService<NetworkAttributes> {
  const { capabilities } = backend
  return {
    type: networkType,
    list: (listing, visible) => listRows(networkType, backend.state.networks, listing, visible),
    notFound: (id) => new NetworkingError('NetworkNotFound', { id }),
    get: (id) => foundNetwork(backend.state, id),
    create: (draft, project) =>
      backend.write((transaction) => {
        const segment = chooseSegment(transaction, capabilities, draft)
        const network: Network = {
          ...draft,
          ...segment,
          id: newId(),
          ...ownedBy(draft, project),
          mtu: checkedMtu(draft.mtu, capabilities),
          'router:external': checkedExternal(draft['router:external'], capabilities),
          status: 'ACTIVE',
          subnets: [],
          created_at: now(),
          updated_at: now(),
          revision_number: 1,
        }
        transaction.networks.insert(network)
        return network
      }),
    update: (id, change, ifRevision) =>
      backend.write((transaction) => {
        const before = foundNetwork(transaction, id)
        checkRevision(before, ifRevision)
        checkedExternal(change['router:external'], capabilities)
        const mtu = change.mtu === undefined ? before.mtu : checkedMtu(change.mtu, capabilities)
        const network = { ...before, ...change, mtu, updated_at: now(), revision_number: before.revision_number + 1 }
        transaction.networks.update(network)
        return network
      }),
    remove: (id, ifRevision) =>
      backend.write((transaction) => {
        const network = foundNetwork(transaction, id)
        checkRevision(network, ifRevision)
        if (transaction.ports.has('network_id', id)) throw new NetworkingError('NetworkInUse', { id })
        for (const subnet of transaction.subnets.find('network_id', id)) dropSubnet(transaction, subnet)
        transaction.numbers.release(tunnelIds, BigInt(network['provider:segmentation_id']!), allTunnelIds)
        transaction.networks.remove(id)
      }),
  }
}

/** Readies what the service keeps besides rows. Called once, when a backend is new. */
export function prepareNetworks(backend: Backend): Promise<void> {
  return backend.write(({ numbers }) => {
    if (!numbers.inUse(tunnelIds)) numbers.define(tunnelIds, allTunnelIds)
  })
}

type Segment = Pick<Network, 'provider:network_type' | 'provider:physical_network' | 'provider:segmentation_id'>

function chooseSegment({ numbers }: Transaction, capabilities: Capabilities, draft: NetworkDraft): Segment {
  const type = draft['provider:network_type'] ?? capabilities.defaultNetworkType
  if (!capabilities.networkTypes.includes(type)) throw invalidInput(`network_type value '${type}' not supported`)
  if (draft['provider:physical_network'] != null)
    throw invalidInput(`provider:physical_network specified for ${type} network`)
  const wanted = draft['provider:segmentation_id']
  const id = wanted == null ? numbers.takeAny(tunnelIds) : numbers.take(tunnelIds, BigInt(wanted)) && BigInt(wanted)
  if (id === undefined) throw new NetworkingError('NoNetworkAvailable')
  if (id === false) throw new NetworkingError('TunnelIdInUse', { segmentationId: wanted! })
  return {
    'provider:network_type': type as Segment['provider:network_type'],
    'provider:physical_network': null,
    'provider:segmentation_id': Number(id),
  }
}

/** 0 and nothing mean the default, as in the real engine's "MTU: default". 68 is the least that IPv4 allows. */
function checkedMtu(mtu: number | undefined, { maxMtu }: Capabilities): number {
  if (!mtu) return maxMtu
  if (mtu > maxMtu) throw invalidInput(`Requested MTU is too big, maximum is ${maxMtu}`)
  if (mtu < 68) throw invalidInput('Requested MTU is too small, minimum is 68')
  return mtu
}

function checkedExternal(wanted: boolean | undefined, { externalNetworks }: Capabilities): boolean {
  if (wanted && !externalNetworks)
    throw new NetworkingError('HTTPNotImplemented', { what: "An external network ('router:external')" })
  return wanted ?? false
}
