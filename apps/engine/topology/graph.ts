// The picture as nodes and links: vNICs of some VMs one by one, all others as groups with their counts.
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { topologyType } from '@patchbay/ovirt-api/types/topology.ts'
import type { NicCount, NicPath, VmCount } from '../store/nic-paths.ts'
import { nicStates, type Status } from '../store/nic-state.ts'
import { count, emptyTally, statusOf, type Tally } from './tally.ts'

export type Topology = ResourceOf<typeof topologyType>
export type Node = NonNullable<Topology['nodes']>[number]
export type Link = NonNullable<Topology['links']>[number]

export interface Place {
  readonly id: string
  readonly name: string
  readonly status: Status
  readonly state: string
}

export interface Facts {
  /** All that match, also those of `paths`. */
  readonly counts: readonly NicCount[]
  readonly vmCounts: readonly VmCount[]
  /** vNICs that are drawn one by one, with all that match of their VMs. */
  readonly paths: readonly NicPath[]
  readonly providers: readonly Place[]
  /** Drawn one by one. `of`: the provider; '' for none. */
  readonly networks: readonly { readonly id: string; readonly name: string; readonly of: string }[]
  readonly hosts: readonly Place[]
  /** Names by id. */
  readonly clusters: ReadonlyMap<string, string>
  /** How many networks of each provider, and hosts of each cluster, are not drawn one by one. */
  readonly moreNetworks: ReadonlyMap<string, number>
  readonly moreHosts: ReadonlyMap<string, number>
  readonly expanded: ReadonlySet<string>
}

export function graphOf(facts: Facts): Topology {
  const { counts, paths, expanded } = facts
  const networks = new Set(facts.networks.map(({ id }) => id))
  const hosts = new Set(facts.hosts.map(({ id }) => id))
  const networkKey = ({ networkId, providerId }: Pick<NicCount, 'networkId' | 'providerId'>) => {
    if (networkId === '') return ''
    return networks.has(networkId) ? `network:${networkId}` : `networks:${providerId}`
  }
  const hostKey = ({ hostId, clusterId }: Pick<NicCount, 'hostId' | 'clusterId'>) => {
    if (hostId === '') return ''
    return hosts.has(hostId) ? `host:${hostId}` : `hosts:${clusterId}`
  }
  const all = emptyTally()
  const ofNetworks = tallies()
  const ofHosts = tallies()
  const grouped = tallies()
  for (const each of counts) {
    count(all, each.state, each.nics)
    count(ofNetworks.at(networkKey(each)), each.state, each.nics)
    count(ofHosts.at(hostKey(each)), each.state, each.nics)
    count(grouped.at(networkKey(each), hostKey(each)), each.state, each.nics)
  }
  for (const path of paths) count(grouped.at(networkKey(path), hostKey(path)), path.state, -1)
  const picture = createPicture()
  drawProviders(picture, facts, ofNetworks, counts)
  for (const host of facts.hosts)
    picture.node({ ...single('host', host), ...numbers(ofHosts.at(`host:${host.id}`)), ...handle(host.id, expanded) })
  for (const [cluster, members] of facts.moreHosts)
    picture.node({
      ...{ key: `hosts:${cluster}`, kind: 'host', name: facts.clusters.get(cluster) ?? '', members },
      ...shown(ofHosts.at(`hosts:${cluster}`)),
      ...handle(cluster, expanded),
    })
  for (const path of paths) drawPath(picture, path, networkKey(path), hostKey(path))
  drawGroups(picture, facts, grouped, hostKey)
  return { nics: all.nics, broken: all.broken, nodes: picture.nodes(), links: picture.links() }
}

function drawProviders(picture: Picture, facts: Facts, ofNetworks: Tallies, counts: readonly NicCount[]): void {
  const ofProviders = tallies()
  for (const { providerId, state, nics } of counts) count(ofProviders.at(providerId), state, nics)
  for (const provider of facts.providers)
    picture.node({
      ...single('provider', provider),
      ...numbers(ofProviders.at(provider.id)),
      ...handle(provider.id, facts.expanded),
    })
  for (const { id, name, of } of facts.networks) {
    const key = `network:${id}`
    const tally = ofNetworks.at(key)
    picture.node({ key, kind: 'network', object: id, name, ...shown(tally), ...handle(id, facts.expanded) })
    if (of !== '') picture.link(`provider:${of}`, key, tally)
  }
  for (const [provider, members] of facts.moreNetworks) {
    const key = `networks:${provider}`
    const tally = ofNetworks.at(key)
    picture.node({ key, kind: 'network', members, ...shown(tally), ...handle(provider, facts.expanded) })
    if (provider !== '') picture.link(`provider:${provider}`, key, tally)
  }
}

/** Where there should be a port and is none, that is a node too: the place where the path breaks. */
function drawPath(picture: Picture, path: NicPath, network: string, host: string): void {
  const { nicId, nicName, vmId, vmName, vmStatus, state, hasPort } = path
  const status = nicStates[state]
  const tally = emptyTally()
  count(tally, state, 1)
  const [nic, port, vm] = [`nic:${nicId}`, `port:${nicId}`, `vm:${vmId}`]
  const isBehindPort = hasPort || state === 'no_port'
  if (isBehindPort) {
    const told = state === 'no_port' ? ({ status: 'broken', state } as const) : { status, state: status }
    picture.node({ key: port, kind: 'port', object: nicId, vm: vmId, name: nicName, ...told })
    if (network !== '') picture.link(network, port, tally)
    picture.link(port, nic, tally)
  } else if (network !== '') picture.link(network, nic, tally)
  picture.node({ key: nic, kind: 'nic', object: nicId, vm: vmId, name: nicName, status, state })
  picture.node({ key: vm, kind: 'vm', object: vmId, name: vmName, status: vmStatusOf(vmStatus), state: vmStatus })
  picture.link(nic, vm, tally)
  if (host !== '') picture.link(vm, host, tally)
}

function drawGroups(
  picture: Picture,
  { vmCounts, paths, expanded }: Facts,
  grouped: Tallies,
  hostKey: (at: Pick<NicCount, 'hostId' | 'clusterId'>) => string,
): void {
  const vms = new Map<string, number>()
  const add = (key: string, more: number) => void vms.set(key, (vms.get(key) ?? 0) + more)
  for (const each of vmCounts) add(hostKey(each), each.vms)
  for (const [path] of Map.groupBy(paths, ({ vmId }) => vmId).values()) add(hostKey(path!), -1)
  const nics = tallies()
  const onHosts = tallies()
  for (const [[network = '', host = ''], tally] of grouped.entries()) {
    if (tally.nics <= 0) continue
    addTo(nics.at(network), tally)
    addTo(onHosts.at(host), tally)
    picture.link(`nics:${network}`, `vms:${host}`, tally)
  }
  for (const [[network = ''], tally] of nics.entries()) {
    const handles = network === '' ? {} : handle(idIn(network), expanded)
    picture.node({ key: `nics:${network}`, kind: 'nic', members: tally.nics, ...shown(tally), ...handles })
    if (network !== '') picture.link(network, `nics:${network}`, tally)
  }
  for (const [[host = ''], tally] of onHosts.entries()) {
    const handles = host === '' ? {} : handle(idIn(host), expanded)
    picture.node({ key: `vms:${host}`, kind: 'vm', members: vms.get(host) ?? 0, ...shown(tally), ...handles })
    if (host !== '') picture.link(`vms:${host}`, host, tally)
  }
}

const idIn = (key: string) => key.slice(key.indexOf(':') + 1)
const handle = (expand: string, all: ReadonlySet<string>) => ({ expand, expanded: all.has(expand) || undefined })
const numbers = ({ nics, broken }: Tally) => ({ nics, broken })
const shown = (tally: Tally) => ({ ...numbers(tally), status: statusOf(tally) })

const single = (kind: 'provider' | 'host', { id, name, status, state }: Place) =>
  ({ key: `${kind}:${id}`, kind, object: id, name, status, state }) as const

function vmStatusOf(status: string): Status {
  if (status === 'up') return 'up'
  if (status === 'down' || status === 'suspended') return 'off'
  return status === 'unknown' ? 'broken' : 'changing'
}

interface Picture {
  node(node: Node): void
  /** Counts of the same link are added up. */
  link(from: string, to: string, tally: Tally): void
  nodes(): Node[]
  links(): Link[]
}

function createPicture(): Picture {
  const nodes = new Map<string, Node>()
  const links = tallies()
  return {
    node: (node) => void nodes.set(node.key!, node),
    link: (from, to, tally) => addTo(links.at(from, to), tally),
    nodes: () => [...nodes.values()],
    links: () =>
      [...links.entries()].map(([[from, to], tally]) => ({ from, to, nics: tally.nics, status: statusOf(tally) })),
  }
}

type Tallies = ReturnType<typeof tallies>

/** By one key or more. */
function tallies() {
  const all = new Map<string, Tally>()
  const between = '\n'
  return {
    at(...keys: string[]): Tally {
      const key = keys.join(between)
      const known = all.get(key) ?? emptyTally()
      all.set(key, known)
      return known
    },
    *entries(): Iterable<[string[], Tally]> {
      for (const [key, tally] of all) yield [key.split(between), tally]
    },
  }
}

function addTo(sum: Tally, more: Tally): void {
  for (const name of ['nics', 'broken', 'up', 'changing'] as const) sum[name] += more[name]
}
