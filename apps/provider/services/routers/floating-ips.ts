// What can be done with floating IPs.
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import { parseAddress } from '@patchbay/networking-api/ip.ts'
import {
  type FloatingIp,
  type FloatingIpAttributes,
  type FloatingIpDraft,
  floatingIpType,
} from '@patchbay/networking-api/resources/floating-ips.ts'
import { portOwners } from '@patchbay/networking-api/resources/ports.ts'
import type { Transaction } from '../../backends/backend.ts'
import { noAssociation } from '../../backends/facts/association.ts'
import { foundFloatingIp, foundNetwork } from '../../backends/facts/found.ts'
import type { PortService } from '../ports/ports.ts'
import { checkRevision, listRows, ownedBy, type ResourceService, type ServiceParts } from '../resource-service.ts'
import { associationOf, refusedFloatingIp } from './floating-ip-association.ts'
import { makeServicePort } from './router-ports.ts'

export type FloatingIpService = ResourceService<FloatingIpAttributes, FloatingIp>

/** `ports`: without the rules that keep requests off the ports of floating IPs. */
export function createFloatingIpService({ backend, now }: ServiceParts, ports: PortService): FloatingIpService {
  return {
    type: floatingIpType,
    list: (listing, visible) => listRows(floatingIpType, backend.state.floatingIps, listing, visible),
    notFound: (id) => new NetworkingError('FloatingIPNotFound', { id }),
    get: foundFloatingIp,
    create(transaction, draft, project) {
      checkNetwork(transaction, draft.floating_network_id)
      const { id, address } = takeAddress(ports, transaction, draft)
      const { subnet_id: _, fixed_ip_address: fixedIp = null, port_id: portId, ...rest } = draft
      const floatingIp: FloatingIp = {
        ...rest,
        id,
        ...ownedBy(draft, project),
        floating_ip_address: address,
        ...noAssociation,
        tags: [],
        created_at: now(),
        updated_at: now(),
        revision_number: 1,
      }
      const made = { ...floatingIp, ...associationOf(transaction, floatingIp, { portId, fixedIp }) }
      transaction.floatingIps.insert(made)
      return made
    },
    update(transaction, id, { port_id: portId, fixed_ip_address: fixedIp, ...change }, ifRevision) {
      const before = foundFloatingIp(transaction, id)
      checkRevision(before, ifRevision)
      const isAsked = portId !== undefined || fixedIp !== undefined
      const wish = { portId: portId === undefined ? before.port_id : portId, fixedIp: fixedIp ?? null }
      const after = {
        ...before,
        ...change,
        ...(isAsked && associationOf(transaction, before, wish)),
        updated_at: now(),
        revision_number: before.revision_number + 1,
      }
      transaction.floatingIps.update(after)
      return after
    },
    remove(transaction, id, ifRevision) {
      checkRevision(foundFloatingIp(transaction, id), ifRevision)
      transaction.floatingIps.remove(id)
      ports.remove(transaction, id)
    },
  }
}

function checkNetwork(transaction: Transaction, id: string): void {
  if (!foundNetwork(transaction, id)['router:external'])
    throw refusedFloatingIp(`Network ${id} is not a valid external network`)
  if (!transaction.subnets.find('network_id', id).some(({ ip_version }) => ip_version === 4))
    throw refusedFloatingIp(`Network ${id} does not contain any IPv4 subnet`)
}

/** Makes the port that keeps the address. It is the floating IP's device, and has its id. */
function takeAddress(
  ports: PortService,
  transaction: Transaction,
  { floating_network_id, floating_ip_address, subnet_id }: FloatingIpDraft,
): { readonly id: string; readonly address: string } {
  const wish = { ...(floating_ip_address && { ip_address: floating_ip_address }), ...(subnet_id && { subnet_id }) }
  const fixed_ips = Object.keys(wish).length > 0 ? { fixed_ips: [wish] } : {}
  const asked = { network_id: floating_network_id, device_id: '', device_owner: portOwners.floatingIp, ...fixed_ips }
  const port = makeServicePort(ports, transaction, asked, '')
  transaction.ports.update({ ...port, device_id: port.id })
  const address = port.fixed_ips.map(({ ip_address }) => ip_address).find((ip) => parseAddress(ip)!.version === 4)
  if (address === undefined) throw new NetworkingError('ExternalIpAddressExhausted', { networkId: floating_network_id })
  return { id: port.id, address }
}
