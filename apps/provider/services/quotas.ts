// Quotas of projects. Those that an administrator set are settings of the backend; without one there is no limit.
import { badRequest, NetworkingError } from '@patchbay/networking-api/errors.ts'
import type { ResourceType } from '@patchbay/networking-api/resource.ts'
import { type Quota, type QuotaResource, quotaResources, unlimited } from '@patchbay/networking-api/resources/quotas.ts'
import type { Backend, State, Transaction } from '../backends/backend.ts'

export interface QuotaService {
  /** Of the projects that have one of their own. */
  list(): ({ readonly project_id: string; readonly tenant_id: string } & Quota)[]
  get(project: string): Quota
  details(project: string): Record<QuotaResource, { limit: number; used: number; reserved: number }>
  /** `check`: refuse a limit below what is there. */
  set(project: string, limits: Partial<Quota>, check: boolean): Promise<Quota>
  remove(project: string): Promise<void>
}

export function createQuotaService(backend: Backend): QuotaService {
  const { state } = backend
  return {
    list: () =>
      state.settings.entries(prefix).map(([key, own]) => {
        const project = key.slice(prefix.length)
        return { project_id: project, tenant_id: project, ...unlimited, ...(own as Partial<Quota>) }
      }),
    get: (project) => quotaOf(state, project),
    details(project) {
      const quota = quotaOf(state, project)
      return ofEach((resource) => ({ limit: quota[resource], used: used(state, resource, project), reserved: 0 }))
    },
    set: (project, limits, check) =>
      backend.write((transaction) => {
        if (check) refuseBelowUse(transaction, project, limits)
        const own = transaction.settings.get(keyOf(project)) as Partial<Quota> | undefined
        transaction.settings.set(keyOf(project), { ...own, ...limits })
        return quotaOf(transaction, project)
      }),
    remove: (project) =>
      backend.write(({ settings }) => {
        if (settings.get(keyOf(project)) === undefined) throw new NetworkingError('TenantQuotaNotFound', { project })
        settings.remove(keyOf(project))
      }),
  }
}

/** Throws when a project has more than it may. Called after the new ones are made, whose making it then undoes. */
export function refuseOverQuota(transaction: Transaction, { singular }: ResourceType, project: string): void {
  const quota = quotaOf(transaction, project)
  for (const resource of quotaResources.filter((name) => name === singular || name === madeWith[singular])) {
    const limit = quota[resource]
    if (limit !== -1 && used(transaction, resource, project) > limit)
      throw new NetworkingError('OverQuota', { resource })
  }
}

/** A group begins with rules. The default group, which nobody asks for, is made whatever the quota, and counts. */
const madeWith: Readonly<Record<string, QuotaResource>> = { security_group: 'security_group_rule' }

const prefix = 'quota:'
const keyOf = (project: string) => prefix + project

const quotaOf = ({ settings }: State, project: string): Quota => ({
  ...unlimited,
  ...(settings.get(keyOf(project)) as Partial<Quota> | undefined),
})

const used = (state: State, resource: QuotaResource, project: string) =>
  state[tableOf[resource]].count('project_id', project)

const tableOf = {
  network: 'networks',
  subnet: 'subnets',
  port: 'ports',
  router: 'routers',
  floatingip: 'floatingIps',
  security_group: 'securityGroups',
  security_group_rule: 'securityGroupRules',
} as const

function refuseBelowUse(transaction: Transaction, project: string, limits: Partial<Quota>): void {
  for (const resource of quotaResources) {
    const limit = limits[resource] ?? -1
    const there = used(transaction, resource, project)
    if (limit !== -1 && limit < there)
      throw badRequest(`Quota limit ${limit} for ${resource} must be greater than or equal to already used ${there}`)
  }
}

const ofEach = <Value>(value: (resource: QuotaResource) => Value) =>
  Object.fromEntries(quotaResources.map((resource) => [resource, value(resource)])) as Record<QuotaResource, Value>
