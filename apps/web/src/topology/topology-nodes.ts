// Nodes and links of the engine's topology as the page speaks of them.
import type { NodeKind, NodeStatus, topologyType } from '@patchbay/ovirt-api/types/topology.ts'
import type { Shown } from '../engine/resource.ts'
import { text } from '../text/topology.ts'
import type { LayoutLink, LayoutNode } from './layout.ts'

export type Topology = Shown<typeof topologyType>

export interface TopologyNode extends LayoutNode {
  readonly kind: NodeKind
  readonly status: NodeStatus
  /** `3 broken`, `unplugged`: below its name. */
  readonly words: string
  /** Of the one thing that it is; undefined for a group. */
  readonly object: string | undefined
  /** The VM of a vNIC or a port. */
  readonly vm: string | undefined
  readonly nics: number | undefined
  readonly broken: number
  readonly expand: string | undefined
  readonly isExpanded: boolean
}

export interface TopologyLink extends LayoutLink {
  readonly status: NodeStatus
  readonly nics: number
}

type ToldNode = NonNullable<Topology['nodes']>[number]

export function nodesOf({ nodes = [] }: Topology): TopologyNode[] {
  return nodes.map((node) => ({
    key: node.key ?? '',
    kind: node.kind ?? 'nic',
    name: nameOf(node),
    status: node.status ?? 'unknown',
    words: wordsOf(node),
    object: node.object,
    vm: node.vm,
    nics: node.nics,
    broken: node.broken ?? 0,
    expand: node.expand,
    isExpanded: node.expanded ?? false,
  }))
}

export const linksOf = ({ links = [] }: Topology): TopologyLink[] =>
  links.map(({ from = '', to = '', status = 'unknown', nics = 0 }) => ({ from, to, status, nics }))

function nameOf({ kind = 'nic', name = '', members }: ToldNode): string {
  if (members === undefined) return name
  // Of networks and hosts, some are shown beside their group.
  return kind === 'network' || kind === 'host' ? text.more(kind, members, name) : text.members(kind, members)
}

/** What is wrong with a thing itself goes before what is wrong with its vNICs. */
function wordsOf({ kind, status, state, members, nics, broken = 0 }: ToldNode): string {
  const isBrokenItself = state !== undefined && status === 'broken'
  if (broken > 0 && !isBrokenItself) return text.broken(broken)
  if (state !== undefined) return text.state(state)
  return nics === undefined || (members !== undefined && kind === 'nic') ? '' : text.nics(nics)
}

/** Where one goes from a node to learn more; undefined for a group. */
export function placeOf({ kind, object, vm }: TopologyNode) {
  if (object === undefined) return undefined
  if (kind === 'provider') return { to: '/providers/$id', params: { id: object } } as const
  if (kind === 'network') return { to: '/networks/$id', params: { id: object } } as const
  if (kind === 'vm') return { to: '/vms/$id', params: { id: object }, search: { tab: 'nics' } } as const
  if (kind === 'host') return { to: '/hosts/$id', params: { id: object } } as const
  return { to: '/vms/$vm/nics/$nic/diagnosis', params: { vm: vm ?? '', nic: object } } as const
}
