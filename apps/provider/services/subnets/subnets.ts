// What can be done with subnets.
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import { parseCidr } from '@patchbay/networking-api/ip.ts'
import type { Port } from '@patchbay/networking-api/resources/ports.ts'
import {
  type Subnet,
  type SubnetAttributes,
  type SubnetChange,
  subnetType,
} from '@patchbay/networking-api/resources/subnets.ts'
import type { Transaction } from '../../backends/backend.ts'
import { foundNetwork, foundSubnet } from '../../backends/facts/found.ts'
import { isServicePort } from '../../backends/facts/service-ports.ts'
import {
  gatewayOf,
  poolsOf,
  rangeOf,
  refuseGatewayInPools,
  refuseOverlap,
  usableCidr,
} from '../../backends/facts/subnet-addressing.ts'
import { addAutoAddresses, removeAutoAddresses } from '../ports/auto-addresses.ts'
import { checkRevision, listRows, ownedBy, type ResourceService, type ServiceParts } from '../resource-service.ts'
import { checkedModes, isAutoAddressed, refuseDhcpOffWithModes } from './ipv6-modes.ts'

export function createSubnetService({ backend, now, newId }: ServiceParts): ResourceService<SubnetAttributes> {
  return {
    type: subnetType,
    list: (listing, visible) => listRows(subnetType, backend.state.subnets, listing, visible),
    notFound: (id) => new NetworkingError('SubnetNotFound', { id }),
    get: foundSubnet,
    create(transaction, draft, project) {
      const network = foundNetwork(transaction, draft.network_id)
      const cidr = usableCidr(draft)
      refuseOverlap(cidr, network.id, transaction.subnets.find('network_id', network.id))
      const gateway = gatewayOf(cidr, draft.gateway_ip)
      const subnet: Subnet = {
        ...draft,
        id: newId(),
        ...ownedBy(draft, project),
        cidr: draft.cidr!,
        gateway_ip: gateway,
        allocation_pools: poolsOf(cidr, gateway, draft.allocation_pools),
        ...checkedModes(draft, cidr),
        tags: [],
        created_at: now(),
        updated_at: now(),
        revision_number: 1,
      }
      transaction.subnets.insert(subnet)
      transaction.numbers.define(subnet.id, subnet.allocation_pools.map(rangeOf))
      if (isAutoAddressed(subnet)) addAutoAddresses(transaction, subnet, now())
      transaction.networks.update({ ...network, subnets: [...network.subnets, subnet.id] })
      return subnet
    },
    update(transaction, id, change, ifRevision) {
      const before = foundSubnet(transaction, id)
      checkRevision(before, ifRevision)
      refuseDhcpOffWithModes(before, change)
      refuseUsedGateway(transaction, before, change)
      const subnet = {
        ...before,
        ...change,
        ...readdressed(before, change),
        updated_at: now(),
        revision_number: before.revision_number + 1,
      }
      if (change.allocation_pools) transaction.numbers.define(id, subnet.allocation_pools.map(rangeOf))
      transaction.subnets.update(subnet)
      return subnet
    },
    remove(transaction, id, ifRevision) {
      const subnet = foundSubnet(transaction, id)
      checkRevision(subnet, ifRevision)
      if (isUsed(transaction, subnet))
        throw new NetworkingError('SubnetInUse', {
          id,
          reason: 'One or more ports have an IP allocation from this subnet',
        })
      if (isAutoAddressed(subnet)) removeAutoAddresses(transaction, subnet, now())
      dropSubnet(transaction, subnet)
    },
  }
}

/** Removes a subnet of which no address is in use. */
export function dropSubnet(transaction: Transaction, subnet: Subnet): void {
  const network = foundNetwork(transaction, subnet.network_id)
  transaction.networks.update({ ...network, subnets: network.subnets.filter((id) => id !== subnet.id) })
  transaction.numbers.drop(subnet.id)
  transaction.subnets.remove(subnet.id)
}

/** Addresses that ports formed themselves are in nobody's way. */
function isUsed(transaction: Transaction, subnet: Subnet): boolean {
  if (!isAutoAddressed(subnet)) return transaction.numbers.inUse(subnet.id)
  return servicePortsIn(transaction, subnet).length > 0
}

/** The ports of routers in it. */
const servicePortsIn = ({ ports }: Transaction, { id, network_id }: Subnet): Port[] =>
  ports
    .find('network_id', network_id)
    .filter((port) => isServicePort(port) && port.fixed_ips.some(({ subnet_id }) => subnet_id === id))

/** A router that has the gateway's address would keep it. */
function refuseUsedGateway(transaction: Transaction, subnet: Subnet, { gateway_ip: wanted }: SubnetChange): void {
  const { gateway_ip: address } = subnet
  if (wanted === undefined || address === null || wanted === address) return
  const hasIt = ({ fixed_ips }: Port) => fixed_ips.some(({ ip_address }) => ip_address === address)
  const port = servicePortsIn(transaction, subnet).find(hasIt)
  if (port) throw new NetworkingError('GatewayIpInUse', { address, portId: port.id })
}

/** Gateway and pools after a change, checked against each other. */
function readdressed(before: Subnet, change: SubnetChange): Pick<Subnet, 'gateway_ip' | 'allocation_pools'> {
  const cidr = parseCidr(before.cidr!)!
  const gateway = change.gateway_ip === undefined ? before.gateway_ip : gatewayOf(cidr, change.gateway_ip)
  const pools = change.allocation_pools ? poolsOf(cidr, gateway, change.allocation_pools) : before.allocation_pools
  refuseGatewayInPools(gateway, pools)
  return { gateway_ip: gateway, allocation_pools: pools }
}
