// Who may do what: an administrator everything, a member everything in the own project, a reader look at it.
// What one may not see does not exist; what one may see but not change is refused. After Neutron's default policy.
import { isDeepStrictEqual } from 'node:util'
import type { Listing } from '@patchbay/networking-api/listing/listing.ts'
import type { Attributes, Change, ResourceType, Values, Wanted } from '@patchbay/networking-api/resource.ts'
import type { Backend } from '../backends/backend.ts'
import { isAdmin, type Principal } from '../identity/principal.ts'
import { forbidden, type Owned, ownedBy, type Policy, type References } from './policies.ts'
import { refuseOverQuota } from './quotas.ts'
import type { ResourceService } from './resource-service.ts'

/** A service as one principal may use it. */
export interface GuardedService<A extends Attributes, Row = Values<A>> {
  readonly type: ResourceType<A>
  list(principal: Principal, listing: Listing): Row[]
  /** The same as JSON, where that is there already. */
  texts(principal: Principal, listing: Listing): string[] | undefined
  get(principal: Principal, id: string): Row
  /** All of them or none. */
  create(principal: Principal, wanted: readonly Wanted<A>[]): Promise<Row[]>
  update(principal: Principal, id: string, change: Change<A>, ifRevision?: number): Promise<Row>
  remove(principal: Principal, id: string, ifRevision?: number): Promise<void>
  /** `change` says what the tags become. */
  retag(principal: Principal, id: string, change: TagChange): Promise<Row>
}

export type TagChange = (tags: readonly string[]) => readonly string[]

interface Tagged extends Owned {
  readonly tags: readonly string[]
}

export function guarded<A extends Attributes, Row extends Tagged>(
  service: ResourceService<A, Row>,
  policy: Policy<NoInfer<Row>>,
  backend: Backend,
): GuardedService<A, Row> {
  const { type } = service
  const mayRead = (principal: Principal, row: Row) =>
    isAdmin(principal) || policy.mayRead(row, principal.project.id, backend.state)
  const get = (principal: Principal, id: string): Row => {
    const row = service.get(backend.state, id)
    if (!mayRead(principal, row)) throw service.notFound(id)
    return row
  }
  const checkWrite = (principal: Principal, verb: string, given: readonly string[]) => {
    if (isAdmin(principal)) return
    if (!principal.roles.includes('member')) throw forbidden(`${verb}_${type.singular}`)
    const reserved = given.find((name) => policy.adminOnly.includes(name))
    if (reserved !== undefined) throw forbidden(`${verb}_${type.singular}:${reserved}`)
  }
  const checkNetworkOwner = (principal: Principal, verb: string, networkId: string, given: readonly string[]) => {
    const reserved = given.find((name) => policy.networkOwnerOnly?.includes(name))
    if (reserved === undefined || isAdmin(principal)) return
    if (!ownedBy(backend.state.networks.get(networkId), principal.project.id))
      throw forbidden(`${verb}_${type.singular}:${reserved}`)
  }
  const checkCreate = (principal: Principal, { draft, given }: Wanted<A>) => {
    checkWrite(principal, 'create', given)
    if (isAdmin(principal)) return
    const { project_id, tenant_id } = draft as { project_id?: string; tenant_id?: string }
    const foreign = [project_id, tenant_id].some((owner) => owner !== undefined && owner !== principal.project.id)
    if (foreign) throw forbidden(`create_${type.singular}:project_id`)
    const { network_id: networkId = '' } = draft as { network_id?: string }
    policy.checkCreate?.({ network_id: networkId }, principal.project.id, backend.state)
    policy.checkReferences?.(draft as References, principal.project.id, backend.state, 'create')
    checkNetworkOwner(principal, 'create', networkId, given)
  }
  const checkOwner = (principal: Principal, verb: string, id: string) => {
    if (!isAdmin(principal) && !ownedBy(get(principal, id), principal.project.id))
      throw forbidden(`${verb}_${type.singular}`)
  }
  return {
    type,
    get,
    list: (principal, listing) => service.list(listing, (row) => mayRead(principal, row)),
    texts: (principal, listing) => (isAdmin(principal) ? service.texts?.(listing) : undefined),
    async create(principal, wanted) {
      for (const one of wanted) checkCreate(principal, one)
      return backend.write((transaction) => {
        const rows = wanted.map(({ draft }) => service.create(transaction, draft, principal.project.id))
        for (const project of new Set(rows.map((row) => row.project_id))) refuseOverQuota(transaction, type, project)
        return rows
      })
    },
    async update(principal, id, change, ifRevision) {
      const { network_id: networkId = '' } = get(principal, id) as { network_id?: string }
      checkWrite(principal, 'update', Object.keys(change))
      checkOwner(principal, 'update', id)
      checkNetworkOwner(principal, 'update', networkId, Object.keys(change))
      if (!isAdmin(principal))
        policy.checkReferences?.(change as References, principal.project.id, backend.state, 'update')
      return backend.write((transaction) => service.update(transaction, id, change, ifRevision))
    },
    async remove(principal, id, ifRevision) {
      get(principal, id)
      checkWrite(principal, 'delete', [])
      checkOwner(principal, 'delete', id)
      return backend.write((transaction) => service.remove(transaction, id, ifRevision))
    },
    async retag(principal, id, change) {
      get(principal, id)
      checkWrite(principal, 'update', ['tags'])
      checkOwner(principal, 'update', id)
      return backend.write((transaction) => {
        const before = service.get(transaction, id)
        const tags = change(before.tags)
        if (isDeepStrictEqual(tags, before.tags)) return before
        // A client gives no tags in an update of the resource, but otherwise this is one, with a new revision.
        return service.update(transaction, id, { tags } as unknown as Change<A>)
      })
    },
  }
}
