// What can be done with networks.
import { invalidInput, NetworkingError } from '@patchbay/networking-api/errors.ts'
import { type Network, type NetworkAttributes, networkType } from '@patchbay/networking-api/resources/networks.ts'
import { type Port, portOwners } from '@patchbay/networking-api/resources/ports.ts'
import type { Capabilities, Transaction } from '../../backends/backend.ts'
import { foundNetwork } from '../../backends/facts/found.ts'
import { checkRevision, listRows, ownedBy, type ResourceService, type ServiceParts } from '../resource-service.ts'
import { dropSubnet } from '../subnets/subnets.ts'
import { releaseSegment, takeSegment } from './segments.ts'

export function createNetworkService({ backend, now, newId }: ServiceParts): ResourceService<NetworkAttributes> {
  const { capabilities } = backend
  return {
    type: networkType,
    list: (listing, visible) => listRows(networkType, backend.state.networks, listing, visible),
    notFound: (id) => new NetworkingError('NetworkNotFound', { id }),
    get: foundNetwork,
    create(transaction, draft, project) {
      const segment = takeSegment(transaction, capabilities, draft)
      const network: Network = {
        ...draft,
        ...segment,
        id: newId(),
        ...ownedBy(draft, project),
        mtu: checkedMtu(draft.mtu, capabilities),
        status: 'ACTIVE',
        subnets: [],
        tags: [],
        created_at: now(),
        updated_at: now(),
        revision_number: 1,
      }
      transaction.networks.insert(network)
      return network
    },
    update(transaction, id, change, ifRevision) {
      const before = foundNetwork(transaction, id)
      checkRevision(before, ifRevision)
      if (before['router:external'] && change['router:external'] === false) refuseGatewayPorts(transaction, id)
      const mtu = change.mtu === undefined ? before.mtu : checkedMtu(change.mtu, capabilities)
      const network = { ...before, ...change, mtu, updated_at: now(), revision_number: before.revision_number + 1 }
      transaction.networks.update(network)
      return network
    },
    remove(transaction, id, ifRevision) {
      const network = foundNetwork(transaction, id)
      checkRevision(network, ifRevision)
      if (transaction.ports.has('network_id', id)) throw new NetworkingError('NetworkInUse', { id })
      for (const subnet of transaction.subnets.find('network_id', id)) dropSubnet(transaction, subnet)
      releaseSegment(transaction, capabilities, network)
      transaction.networks.remove(id)
    },
  }
}

/** 0 and nothing mean the default, as in the real engine's "MTU: default". 68 is the least that IPv4 allows. */
function checkedMtu(mtu: number | undefined, { maxMtu }: Capabilities): number {
  if (!mtu) return maxMtu
  if (mtu > maxMtu) throw invalidInput(`Requested MTU is too big, maximum is ${maxMtu}`)
  if (mtu < 68) throw invalidInput('Requested MTU is too small, minimum is 68')
  return mtu
}

function refuseGatewayPorts({ ports }: Transaction, id: string): void {
  const isOutside = ({ device_owner: owner }: Port) => owner === portOwners.gateway || owner === portOwners.floatingIp
  if (ports.find('network_id', id).some(isOutside)) throw new NetworkingError('ExternalNetworkInUse', { id })
}
