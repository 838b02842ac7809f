// What can be done with ports, and when a port is ACTIVE.
import { randomInt } from 'node:crypto'
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import { type Port, type PortAttributes, type PortChange, portType } from '@patchbay/networking-api/resources/ports.ts'
import type { Capabilities, Transaction } from '../../backends/backend.ts'
import { foundNetwork, foundPort } from '../../backends/facts/found.ts'
import {
  checkRevision,
  listRows,
  listTexts,
  ownedBy,
  type ResourceService,
  type ServiceParts,
} from '../resource-service.ts'
import type { SecurityGroupService } from '../security-groups/security-groups.ts'
import { reformFixedIps, releaseFixedIps, replaceFixedIps, takeFixedIps } from './fixed-ips.ts'
import { changedDhcpOptions, completePairs, refuseInsecurePairs, refuseUnsupported } from './port-extras.ts'
import { createPortGroups } from './port-groups.ts'

export interface PortService extends ResourceService<PortAttributes, Port> {
  /** The port with the change, and with what follows from it. */
  revise(transaction: Transaction, before: Port, change: Partial<Port>): Port
  /** A host says that the port's VIF there carries frames, or no longer does. Saying it twice changes nothing. */
  setWired(id: string, hostId: string, wired: boolean): Promise<Port>
}

export function createPortService(
  { backend, now, newId }: ServiceParts,
  groups: Pick<SecurityGroupService, 'defaultOf'>,
): PortService {
  const { capabilities } = backend
  const revise = (transaction: Transaction, before: Port, change: Partial<Port>): Port => {
    const port = derived(
      transaction,
      { ...before, ...change, updated_at: now(), revision_number: before.revision_number + 1 },
      capabilities,
    )
    refuseInsecurePairs(port)
    transaction.ports.update(port)
    return port
  }
  const { chosenGroups, changedGroups } = createPortGroups(capabilities, groups)
  return {
    type: portType,
    revise,
    list: (listing, visible) => listRows(portType, backend.state.ports, listing, visible),
    texts: (listing) => listTexts(backend.state.ports, listing),
    notFound: (id) => new NetworkingError('PortNotFound', { id }),
    get: foundPort,
    create(transaction, draft, project) {
      const network = foundNetwork(transaction, draft.network_id)
      refuseUnsupported(capabilities, draft)
      const mac = chosenMac(transaction, network.id, draft.mac_address)
      const secured = draft.port_security_enabled ?? network.port_security_enabled
      const owner = ownedBy(draft, project)
      const port: Port = derived(
        transaction,
        {
          ...draft,
          id: newId(),
          ...owner,
          mac_address: mac,
          fixed_ips: takeFixedIps(transaction, { ...draft, mac_address: mac }, draft.fixed_ips),
          port_security_enabled: secured,
          security_groups: chosenGroups(transaction, draft.security_groups, { ...owner, secured }),
          allowed_address_pairs: completePairs(draft.allowed_address_pairs, mac),
          extra_dhcp_opts: changedDhcpOptions([], draft.extra_dhcp_opts),
          status: 'DOWN',
          wired_hosts: [],
          inactive_bindings: [],
          tags: [],
          created_at: now(),
          updated_at: now(),
          revision_number: 1,
        },
        capabilities,
      )
      refuseInsecurePairs(port)
      transaction.ports.insert(port)
      return port
    },
    update(transaction, id, change, ifRevision) {
      const before = foundPort(transaction, id)
      checkRevision(before, ifRevision)
      refuseUnsupported(capabilities, change)
      if (change.mac_address && change.mac_address !== before.mac_address)
        refuseUsedMac(transaction, before.network_id, change.mac_address)
      const security_groups = changedGroups(transaction, before, change)
      return revise(transaction, before, { ...change, ...replaced(transaction, before, change), security_groups })
    },
    remove(transaction, id, ifRevision) {
      const port = foundPort(transaction, id)
      checkRevision(port, ifRevision)
      releaseFixedIps(transaction, port.fixed_ips)
      transaction.ports.remove(id)
    },
    async setWired(id, hostId, wired) {
      return backend.write((transaction) => {
        const before = foundPort(transaction, id)
        if (before.wired_hosts.includes(hostId) === wired) return before
        const others = before.wired_hosts.filter((host) => host !== hostId)
        return revise(transaction, before, { wired_hosts: wired ? [...others, hostId] : others })
      })
    },
  }
}

/**
 * The port with the attributes that follow from others. The status follows the wire at the host it is bound to, unless
 * the data plane tells it.
 */
function derived(
  { isUp }: Transaction,
  port: Omit<Port, 'binding:vif_type' | 'binding:vif_details'>,
  { vifType }: Capabilities,
): Port {
  const host = port['binding:host_id']
  const isWired = isUp ? isUp(port.id) : port.wired_hosts.includes(host)
  return {
    ...port,
    status: port.admin_state_up && isWired ? 'ACTIVE' : 'DOWN',
    'binding:vif_type': host === '' ? 'unbound' : vifType,
    'binding:vif_details': {},
    // Who binds the port to a host by its `binding:host_id` activates what was prepared there.
    inactive_bindings: port.inactive_bindings.filter((binding) => binding.host !== host),
  }
}

/** The lists of a port after a change: what it names of them is no complete list, or not in the form that is kept. */
function replaced(
  transaction: Transaction,
  before: Port,
  {
    fixed_ips: wishes,
    allowed_address_pairs: pairs,
    extra_dhcp_opts: options,
    mac_address: mac = before.mac_address,
  }: PortChange,
): Pick<Port, 'fixed_ips' | 'allowed_address_pairs' | 'extra_dhcp_opts'> {
  const owner = { ...before, mac_address: mac }
  const formed = mac === before.mac_address ? before.fixed_ips : reformFixedIps(transaction, owner, before.fixed_ips)
  return {
    fixed_ips: wishes ? replaceFixedIps(transaction, owner, formed, wishes) : formed,
    allowed_address_pairs: pairs ? completePairs(pairs, mac) : before.allowed_address_pairs,
    extra_dhcp_opts: changedDhcpOptions(before.extra_dhcp_opts, options ?? []),
  }
}

function chosenMac(transaction: Transaction, networkId: string, wanted: string | undefined): string {
  if (wanted !== undefined) {
    refuseUsedMac(transaction, networkId, wanted)
    return wanted
  }
  for (;;) {
    const mac = randomMac()
    if (!isMacUsed(transaction, networkId, mac)) return mac
  }
}

/** OpenStack's prefix, as `base_mac` in Neutron's configuration. */
function randomMac(): string {
  const digits = randomInt(2 ** 24)
    .toString(16)
    .padStart(6, '0')
  return `fa:16:3e:${digits.slice(0, 2)}:${digits.slice(2, 4)}:${digits.slice(4)}`
}

function refuseUsedMac(transaction: Transaction, networkId: string, mac: string): void {
  if (isMacUsed(transaction, networkId, mac)) throw new NetworkingError('MacAddressInUse', { networkId, mac })
}

const isMacUsed = ({ ports }: Transaction, networkId: string, mac: string) =>
  ports.find('mac_address', mac).some((port) => port.network_id === networkId)
