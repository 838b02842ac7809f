// Who may do what: an administrator everything, a member everything in the own project, a reader look at it.
// What one may not see does not exist; what one may see but not change is refused. After Neutron's default policy.
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import type { Listing } from '@patchbay/networking-api/listing.ts'
import type { Network } from '@patchbay/networking-api/networks.ts'
import type { Attributes, Change, Draft, ResourceType, Values } from '@patchbay/networking-api/resource.ts'
import type { State } from '../backends/backend.ts'
import { isAdmin, type Principal } from '../identity/principal.ts'
import type { ResourceService } from './resource-service.ts'

export interface Policy<Row> {
  /** Whether somebody who is no administrator sees the row. */
  mayRead(row: Row, project: string, state: State): boolean
  /** Throws when somebody who is no administrator may not create this. */
  checkCreate?(draft: { readonly network_id?: string }, project: string, state: State): void
  /** Attributes that only an administrator may give. */
  readonly adminOnly: readonly string[]
}

interface Owned {
  readonly project_id: string
}

const ownedBy = (row: Owned | undefined, project: string) => row?.project_id === project
const seesNetwork = (network: Network | undefined, project: string) =>
  network !== undefined && (network.shared || ownedBy(network, project))

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
  adminOnly: ['binding:host_id', 'binding:profile'],
}

function visibleNetwork(id: string, project: string, state: State): Network {
  const network = state.networks.get(id)
  if (network && seesNetwork(network, project)) return network
  throw new NetworkingError('NetworkNotFound', { id })
}

/** A service as one principal may use it. */
export interface GuardedService<A extends Attributes, Row = Values<A>> {
  readonly type: ResourceType<A>
  list(principal: Principal, listing: Listing): Row[]
  get(principal: Principal, id: string): Row
  create(principal: Principal, draft: Draft<A>, given: readonly string[]): Promise<Row>
  update(principal: Principal, id: string, change: Change<A>, ifRevision?: number): Promise<Row>
  remove(principal: Principal, id: string, ifRevision?: number): Promise<void>
}

export function guarded<A extends Attributes, Row extends Owned>(
  service: ResourceService<A, Row>,
  policy: Policy<Row>,
  state: State,
): GuardedService<A, Row> {
  const { type } = service
  const mayRead = (principal: Principal, row: Row) =>
    isAdmin(principal) || policy.mayRead(row, principal.project.id, state)
  const get = (principal: Principal, id: string): Row => {
    const row = service.get(id)
    if (!mayRead(principal, row)) throw service.notFound(id)
    return row
  }
  const checkWrite = (principal: Principal, verb: string, given: readonly string[]) => {
    if (isAdmin(principal)) return
    if (!principal.roles.includes('member')) throw forbidden(`${verb}_${type.singular}`)
    const reserved = given.find((name) => policy.adminOnly.includes(name))
    if (reserved !== undefined) throw forbidden(`${verb}_${type.singular}:${reserved}`)
  }
  const checkOwner = (principal: Principal, verb: string, id: string) => {
    if (!isAdmin(principal) && !ownedBy(get(principal, id), principal.project.id))
      throw forbidden(`${verb}_${type.singular}`)
  }
  return {
    type,
    get,
    list: (principal, listing) => service.list(listing, (row) => mayRead(principal, row)),
    async create(principal, draft, given) {
      checkWrite(principal, 'create', given)
      const { project_id, tenant_id } = draft as { project_id?: string; tenant_id?: string }
      if (!isAdmin(principal)) {
        const foreign = [project_id, tenant_id].some((owner) => owner !== undefined && owner !== principal.project.id)
        if (foreign) throw forbidden(`create_${type.singular}:project_id`)
        policy.checkCreate?.(draft as { network_id?: string }, principal.project.id, state)
      }
      return service.create(draft, principal.project.id)
    },
    async update(principal, id, change, ifRevision) {
      get(principal, id)
      checkWrite(principal, 'update', Object.keys(change))
      checkOwner(principal, 'update', id)
      return service.update(id, change, ifRevision)
    },
    async remove(principal, id, ifRevision) {
      get(principal, id)
      checkWrite(principal, 'delete', [])
      checkOwner(principal, 'delete', id)
      return service.remove(id, ifRevision)
    },
  }
}

export const forbidden = (rule: string) => new NetworkingError('PolicyNotAuthorized', { rule })
