// Where each vNIC leads to, from its network to its host: counted by the database, or one by one.
import { type Kysely, sql } from 'kysely'
import type { AnySchema } from './any-schema.ts'
import { brokenStates, type NicState } from './nic-state.ts'

/** Ids; what is absent does not narrow. */
export interface NicFilter {
  readonly provider?: string | undefined
  readonly network?: string | undefined
  readonly cluster?: string | undefined
  readonly host?: string | undefined
  readonly vm?: string | undefined
  readonly onlyBroken?: boolean | undefined
}

/** '' where there is none: a network of the engine's own, a VM that does not run. */
export interface NicCount {
  readonly networkId: string
  readonly providerId: string
  readonly clusterId: string
  readonly hostId: string
  readonly state: NicState
  readonly nics: number
}

export interface VmCount {
  readonly clusterId: string
  readonly hostId: string
  readonly vms: number
}

export interface NicPath extends Omit<NicCount, 'nics'> {
  readonly nicId: string
  readonly nicName: string
  readonly hasPort: boolean
  readonly vmId: string
  readonly vmName: string
  readonly vmStatus: string
}

export interface NicPaths {
  counts(filter: NicFilter): Promise<NicCount[]>
  vmCounts(filter: NicFilter): Promise<VmCount[]>
  /** VMs with a vNIC on one of these networks or hosts, or that are among them; broken ones first. */
  vmsAt(filter: NicFilter, ids: readonly string[], limit: number): Promise<string[]>
  ofVms(filter: NicFilter, vmIds: readonly string[]): Promise<NicPath[]>
  /** One by one, and so for filters that match few. */
  all(filter: NicFilter): Promise<NicPath[]>
  /** Those of a network that are plugged into VMs on hosts. */
  counting(network: string): Promise<{ readonly vmId: string; readonly mac: string }[]>
}

export function createNicPaths(db: Kysely<AnySchema>): NicPaths {
  // Built when they are asked for: every transaction has these queries, and few need them.
  const plain = () => db.selectFrom('nic').innerJoin('vm', 'vm.id', 'nic.vmId')
  const onAny = () =>
    plain()
      .leftJoin('vnic_profile', 'vnic_profile.id', 'nic.profileId')
      .leftJoin('network', 'network.id', 'vnic_profile.networkId')
      .leftJoin('host', 'host.id', 'vm.hostId')
  type From = ReturnType<typeof onAny>
  // Inner joins, with which the database can begin at the network.
  const onNetwork = () =>
    plain()
      .innerJoin('vnic_profile', 'vnic_profile.id', 'nic.profileId')
      .innerJoin('network', 'network.id', 'vnic_profile.networkId')
      .leftJoin('host', 'host.id', 'vm.hostId') as From
  const isNetworks = ({ network, provider }: NicFilter) => network !== undefined || provider !== undefined
  const matching = (filter: NicFilter, from = isNetworks(filter) ? onNetwork() : onAny()) => {
    let query = from
    for (const [name, column] of Object.entries(columns)) {
      const id = filter[name as keyof typeof columns]
      if (id !== undefined) query = query.where(column, '=', id)
    }
    return filter.onlyBroken ? query.where(state, 'in', brokenStates) : query
  }
  const place = ['vm.clusterId', 'vm.hostId'] as const
  const pathsOf = async (query: From) => {
    const rows = await query
      .select(['nic.id as nicId', 'nic.name as nicName', 'nic.hasPort', ...place])
      .select(['vm.id as vmId', 'vm.name as vmName', 'vm.status as vmStatus'])
      .select([networkId.as('networkId'), providerId.as('providerId'), state.as('state')])
      .orderBy('vm.name')
      .orderBy('nic.name')
      .execute()
    return rows.map((row) => ({ ...row, hasPort: row.hasPort === 1 })) as unknown as NicPath[]
  }
  return {
    async counts(filter) {
      const rows = await matching(filter)
        .select([...place, networkId.as('networkId'), providerId.as('providerId'), state.as('state')])
        .select(db.fn.countAll().as('nics'))
        // By their numbers: PostgreSQL cannot tell that the expressions are the same.
        .groupBy(sql`1, 2, 3, 4, 5`)
        .execute()
      return rows.map((row) => ({ ...row, nics: Number(row.nics) })) as NicCount[]
    },
    async vmCounts(filter) {
      const vms = db.fn.count('vm.id').distinct().as('vms')
      // Joins that nothing needs are not left out where rows are counted.
      const isPlain = !filter.onlyBroken && !isNetworks(filter)
      const query = isPlain ? matching(filter, plain() as From) : matching(filter)
      const rows = await query.select(place).select(vms).groupBy(place).execute()
      return rows.map((row) => ({ ...row, vms: Number(row.vms) })) as VmCount[]
    },
    async vmsAt(filter, ids, limit) {
      if (ids.length === 0) return []
      const rows = await matching(filter)
        .where((or) => or.or(['network.id', 'vm.hostId', 'vm.id'].map((column) => or(column, 'in', ids))))
        .select('vm.id as id')
        .groupBy('vm.id')
        .orderBy(sql`max(case when ${state} in (${sql.join(brokenStates)}) then 1 else 0 end)`, 'desc')
        .orderBy('vm.id')
        .limit(limit)
        .execute()
      return rows.map(({ id }) => id as string)
    },
    async counting(network) {
      const rows = await matching({ network })
        .where('vm.hostId', '<>', '')
        .where('nic.plugged', '=', 1)
        .select(['vm.id as vmId', 'nic.mac'])
        .execute()
      return rows as { vmId: string; mac: string }[]
    },
    async ofVms(filter, vmIds) {
      return vmIds.length === 0 ? [] : pathsOf(matching(filter).where('vm.id', 'in', vmIds))
    },
    all: (filter) => pathsOf(matching(filter)),
  }
}

const columns = {
  provider: 'network.providerId',
  network: 'network.id',
  cluster: 'vm.clusterId',
  host: 'vm.hostId',
  vm: 'vm.id',
} as const

const networkId = sql<string>`coalesce(${sql.ref('network.id')}, '')`
const providerId = sql<string>`coalesce(${sql.ref('network.providerId')}, '')`

const state = sql<NicState>`case
  when ${sql.ref('vm.hostId')} = '' or ${sql.ref('vm.status')} in ('down', 'suspended') then 'vm_down'
  when ${sql.ref('nic.plugged')} = 0 then 'unplugged'
  when ${sql.ref('host.status')} = 'non_responsive' then 'host_away'
  when ${sql.ref('vm.status')} = 'unknown' then 'vm_unknown'
  when ${sql.ref('network.id')} is null then 'not_connected'
  when ${sql.ref('network.providerId')} <> '' and ${sql.ref('nic.hasPort')} = 0 and not exists
    (select 1 from ${sql.table('provider')} where ${sql.ref('provider.id')} = ${sql.ref('network.providerId')}
      and ${sql.ref('provider.unmanaged')} = 1) then 'no_port'
  when ${sql.ref('nic.linked')} = 0 then 'unlinked'
  when ${sql.ref('vm.status')} <> 'up' then 'vm_changing'
  else 'up' end`
