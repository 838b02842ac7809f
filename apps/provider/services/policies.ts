// Who sees what of each kind of resource, and what only an administrator may say of them. After Neutron's default policy.
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import type { Network } from '@patchbay/networking-api/resources/networks.ts'
import type { GatewayWish } from '@patchbay/networking-api/resources/routers.ts'
import type { State } from '../backends/backend.ts'

export interface Policy<Row> {
  /** Whether somebody who is no administrator sees the row. */
  mayRead(row: Row, project: string, state: State): boolean
  /** Throws when somebody who is no administrator may not create this. */
  checkCreate?(draft: { readonly network_id?: string }, project: string, state: State): void
  /** Throws when somebody who is no administrator may not refer to what a new or changed resource refers to. */
  checkReferences?(given: References, project: string, state: State, verb: string): void
  /** Attributes that only an administrator and the owner of the network may give. */
  readonly networkOwnerOnly?: readonly string[]
  /** Attributes that only an administrator may give. */
  readonly adminOnly: readonly string[]
}

export interface References {
  readonly security_groups?: readonly string[] | null
  readonly security_group_id?: string
  readonly external_gateway_info?: GatewayWish | null
  readonly floating_network_id?: string
  readonly port_id?: string | null
}

export interface Owned {
  readonly project_id: string
}

export const ownedBy = (row: Owned | undefined, project: string) => row?.project_id === project
const seesNetwork = (network: Network | undefined, project: string) =>
  network !== undefined && (network.shared || network['router:external'] || ownedBy(network, project))

export const networkPolicy: Policy<Network> = {
  mayRead: seesNetwork,
  adminOnly: [
    'shared',
    'router:external',
    'provider:network_type',
    'provider:physical_network',
    'provider:segmentation_id',
  ],
}

export const subnetPolicy: Policy<Owned & { readonly network_id: string }> = {
  mayRead: (subnet, project, state) =>
    ownedBy(subnet, project) || seesNetwork(state.networks.get(subnet.network_id), project),
  checkCreate({ network_id: id = '' }, project, state) {
    const network = visibleNetwork(id, project, state)
    if (!ownedBy(network, project)) throw forbidden('create_subnet')
  },
  adminOnly: [],
}

export const portPolicy: Policy<Owned & { readonly network_id: string }> = {
  mayRead: (port, project, state) => ownedBy(port, project) || ownedBy(state.networks.get(port.network_id), project),
  checkCreate: ({ network_id: id = '' }, project, state) => void visibleNetwork(id, project, state),
  checkReferences: ({ security_groups: ids }, project, state) => refuseForeignGroups(ids ?? [], project, state),
  // A port that may take any address could take those of others.
  networkOwnerOnly: ['allowed_address_pairs'],
  adminOnly: ['binding:host_id', 'binding:profile'],
}

export const securityGroupPolicy: Policy<Owned> = { mayRead: ownedBy, adminOnly: [] }

export const securityGroupRulePolicy: Policy<Owned> = {
  mayRead: ownedBy,
  checkReferences: ({ security_group_id: id }, project, state) =>
    refuseForeignGroups(id === undefined ? [] : [id], project, state),
  adminOnly: [],
}

export const routerPolicy: Policy<Owned> = {
  mayRead: ownedBy,
  checkReferences({ external_gateway_info: wish }, project, state, verb) {
    if (!wish) return
    for (const name of ['enable_snat', 'external_fixed_ips'] as const)
      if (wish[name] !== undefined) throw forbidden(`${verb}_router:external_gateway_info:${name}`)
    visibleNetwork(wish.network_id, project, state)
  },
  adminOnly: [],
}

export const floatingIpPolicy: Policy<Owned> = {
  mayRead: ownedBy,
  checkReferences({ floating_network_id: networkId, port_id: portId }, project, state) {
    if (networkId !== undefined) visibleNetwork(networkId, project, state)
    if (portId != null) checkPort(portId, project, state)
  },
  adminOnly: ['floating_ip_address'],
}

function checkPort(id: string, project: string, state: State): void {
  const port = state.ports.get(id)
  if (!port || !portPolicy.mayRead(port, project, state)) throw new NetworkingError('PortNotFound', { id })
  const reason = `Cannot process floating IP association with Port ${id}, since that port is owned by a different project`
  if (!ownedBy(port, project)) throw new NetworkingError('BadRequest', { resource: 'floatingip', reason })
}

/** What belongs to others is not there. */
function refuseForeignGroups(ids: readonly string[], project: string, { securityGroups }: State): void {
  const foreign = ids.find((id) => !ownedBy(securityGroups.get(id), project))
  if (foreign !== undefined) throw new NetworkingError('SecurityGroupNotFound', { id: foreign })
}

function visibleNetwork(id: string, project: string, state: State): Network {
  const network = state.networks.get(id)
  if (network && seesNetwork(network, project)) return network
  throw new NetworkingError('NetworkNotFound', { id })
}

export const forbidden = (rule: string) => new NetworkingError('PolicyNotAuthorized', { rule })
