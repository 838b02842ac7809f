// What is connected to what, as far as the engine's database knows: nobody is asked. However much there is, the answer stays
// small, as what is not wanted one by one is counted.

import { shownStatus } from '../hosts/host-status.ts'
import type { Parts } from '../lifecycle/workflows/parts.ts'
import type { Host } from '../store/entities/infrastructure.ts'
import type { NicCount, NicFilter } from '../store/nic-paths.ts'
import type { Status } from '../store/nic-state.ts'
import { type Facts, graphOf, type Place, type Topology } from './graph.ts'
import { type Candidate, shownOneByOne, usualMost } from './shown-groups.ts'
import { count, emptyTally } from './tally.ts'

export interface TopologyRequest {
  readonly filter: NicFilter
  /** Ids of networks, hosts, VMs, providers and clusters whose parts are wanted one by one. */
  readonly expand: readonly string[]
  /** vNICs that are shown one by one. Up to so many are, whatever is expanded. */
  readonly max: number
}

type Needed = Pick<Parts, 'store' | 'providers'>

export async function readTopology(parts: Needed, { filter, expand, max }: TopologyRequest): Promise<Topology> {
  const { nicPaths } = parts.store
  const expanded = new Set(expand)
  const counts = await nicPaths.counts(filter)
  const isSmall = counts.reduce((sum, { nics }) => sum + nics, 0) <= max
  // All vNICs of a VM are shown one by one, or none.
  const paths = isSmall
    ? await nicPaths.all(filter)
    : await nicPaths.ofVms(filter, await nicPaths.vmsAt(filter, expand, max))
  const vmCounts = isSmall ? [] : await nicPaths.vmCounts(filter)
  const needed = { networks: idsOf(paths, 'networkId', filter.network), hosts: idsOf(paths, 'hostId', filter.host) }
  return graphOf({
    ...{ counts, vmCounts, paths, expanded },
    ...(await networksOf(parts, { filter, counts, expanded, needed: needed.networks })),
    ...(await hostsOf(parts, { filter, counts, expanded, needed: needed.hosts })),
  })
}

interface Wanted {
  readonly filter: NicFilter
  readonly counts: readonly NicCount[]
  readonly expanded: ReadonlySet<string>
  /** Ids that are shown in any case. */
  readonly needed: ReadonlySet<string>
}

/** Networks without vNICs are told too, unless only vNICs of a place were asked for. */
async function networksOf(
  { store, providers }: Needed,
  { filter, counts, expanded, needed }: Wanted,
): Promise<Pick<Facts, 'providers' | 'networks' | 'moreNetworks'>> {
  const used = candidatesOf(counts, 'networkId', 'providerId')
  const isWhole = !(filter.vm || filter.host || filter.cluster || filter.onlyBroken || filter.network)
  const unused = isWhole ? await unusedNetworks(store, filter, used, expanded) : []
  const candidates = [...used, ...unused]
  const shown = shownOneByOne(candidates, expanded, needed)
  const found = [...(await store.networks.getAll(shown)).values()]
  const totals = isWhole
    ? await store.networks.countBy('providerId', filter.provider ? { providerId: filter.provider } : {})
    : countsBy(candidates)
  const networks = found.map(({ id, name, providerId }) => ({ id, name, of: providerId }))
  const known = new Set([...networks.map(({ of }) => of), ...used.map(({ of }) => of)])
  const wanted = (id: string) => (filter.provider ? id === filter.provider : isWhole || known.has(id))
  const all = (await store.providers.find({})).filter(({ id }) => wanted(id))
  return {
    networks,
    moreNetworks: moreThan(totals, networks),
    providers: all.map((provider): Place => {
      const { availability } = providers.health(provider)
      return { id: provider.id, name: provider.name, status: providerStatus[availability], state: availability }
    }),
  }
}

const providerStatus = { up: 'up', probing: 'changing', unreachable: 'broken', unknown: 'unknown' } as const

async function unusedNetworks(
  store: Needed['store'],
  { provider }: NicFilter,
  used: readonly Candidate[],
  expanded: ReadonlySet<string>,
): Promise<Candidate[]> {
  // There is no room for them.
  if (used.length >= usualMost && expanded.size === 0) return []
  const known = new Set(used.map(({ id }) => id))
  const of = { path: { hops: [], column: 'providerId' }, comparison: { operator: '=', value: provider ?? '' } } as const
  const limit = used.length + (expanded.size > 0 ? 10 * usualMost : usualMost)
  const rows = await store.networks.select({ limit, ...(provider && { where: of }) })
  return rows.filter(({ id }) => !known.has(id)).map(({ id, providerId }) => ({ id, of: providerId, ...emptyTally() }))
}

async function hostsOf(
  { store }: Needed,
  { filter, counts, expanded, needed }: Wanted,
): Promise<Pick<Facts, 'hosts' | 'clusters' | 'moreHosts'>> {
  const used = candidatesOf(counts, 'hostId', 'clusterId')
  const isWhole = !(filter.vm || filter.network || filter.provider || filter.onlyBroken || filter.host)
  const known = new Set(used.map(({ id }) => id))
  const all = isWhole ? await store.hosts.find(filter.cluster ? { clusterId: filter.cluster } : {}) : []
  const idle = all
    .filter(({ id }) => !known.has(id))
    .map(({ id, clusterId }) => ({ id, of: clusterId, ...emptyTally() }))
  const candidates = [...used, ...idle]
  const shown = shownOneByOne(candidates, expanded, needed)
  const hosts = [...(await store.hosts.getAll(shown)).values()]
  const moreHosts = moreThan(
    countsBy(candidates),
    hosts.map(({ clusterId }) => ({ of: clusterId })),
  )
  const clusters = await store.clusters.getAll(moreHosts.keys())
  return {
    hosts: hosts.map(hostPlace),
    clusters: new Map([...clusters].map(([id, { name }]) => [id, name])),
    moreHosts,
  }
}

function hostPlace(host: Host): Place {
  const state = shownStatus(host)
  const status: Status = host.status === 'non_responsive' ? 'broken' : (hostStatus[state] ?? 'changing')
  return { id: host.id, name: host.name, status, state }
}

const hostStatus: Readonly<Record<string, Status>> = { up: 'up', maintenance: 'off' }

function candidatesOf(
  counts: readonly NicCount[],
  id: 'networkId' | 'hostId',
  of: 'providerId' | 'clusterId',
): Candidate[] {
  const found = new Map<string, Candidate>()
  for (const each of counts) {
    if (each[id] === '') continue
    const candidate = found.get(each[id]) ?? { id: each[id], of: each[of], ...emptyTally() }
    count(candidate, each.state, each.nics)
    found.set(candidate.id, candidate)
  }
  return [...found.values()]
}

const idsOf = <Name extends string>(
  paths: readonly Readonly<Record<Name, string>>[],
  name: Name,
  filtered: string | undefined,
) => new Set([...paths.map((path) => path[name]), ...(filtered ? [filtered] : [])].filter((id) => id !== ''))

const countsBy = (all: readonly { readonly of: string }[]): ReadonlyMap<string, number> =>
  new Map([...Map.groupBy(all, ({ of }) => of)].map(([of, some]) => [of, some.length]))

/** How many of each group are not among the shown. */
function moreThan(totals: ReadonlyMap<string, number>, shown: readonly { readonly of: string }[]): Map<string, number> {
  const known = countsBy(shown)
  return new Map(
    [...totals].map(([of, all]) => [of, all - (known.get(of) ?? 0)] as const).filter(([, more]) => more > 0),
  )
}
