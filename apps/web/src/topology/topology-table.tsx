// The same as the picture, in words.
import { Label } from '@patternfly/react-core'
import { Link } from '@tanstack/react-router'
import { type Column, ResourceTable } from '../list/resource-table.tsx'
import { text } from '../text/topology.ts'
import { layoutOf } from './layout.ts'
import { StatusSign } from './status-sign.tsx'
import { placeOf, type TopologyLink, type TopologyNode } from './topology-nodes.ts'
import { type TopologyPlace, toggled } from './topology-place.ts'

interface Props {
  readonly nodes: readonly TopologyNode[]
  readonly links: readonly TopologyLink[]
  readonly place: TopologyPlace
}

export function TopologyTable({ nodes, links, place }: Props) {
  const nameOf = new Map(nodes.map(({ key, kind, name }) => [key, `${text.kinds[kind]} ${name}`]))
  const leadsTo = ({ key }: TopologyNode) =>
    links
      .filter(({ from }) => from === key)
      .map(({ to }) => nameOf.get(to))
      .join(', ')
  const columns: readonly Column<TopologyNode & { id: string }>[] = [
    { title: text.kind, cell: ({ kind }) => text.kinds[kind] },
    { title: text.name, cell: (node) => <Name node={node} place={place} /> },
    { title: text.status, isShort: true, cell: (node) => <State node={node} /> },
    { title: text.nicCount, cell: ({ nics, kind }) => nics ?? (kind === 'nic' ? 1 : '') },
    { title: text.connected, cell: leadsTo },
  ]
  const { places } = layoutOf(nodes, links)
  const rows = places.map(({ node }) => ({ ...node, id: node.key }))
  return <ResourceTable label={text.title} rows={rows} columns={columns} />
}

function Name({ node, place }: { node: TopologyNode; place: TopologyPlace }) {
  const target = placeOf(node)
  const { name, expand, isExpanded } = node
  const again = expand && (
    <Link to="/topology" search={{ ...place, expand: toggled(place, expand) }}>
      {target ? text.collapse(name) : `${name}: ${text.expand}`}
    </Link>
  )
  if (!target) return again || name
  return (
    <>
      <Link {...target}>{name}</Link> {isExpanded && again}
    </>
  )
}

function State({ node: { status, words } }: { node: TopologyNode }) {
  const sign = (
    <svg width="14" height="14" viewBox="-8 -8 16 16" aria-hidden="true">
      <StatusSign status={status} />
    </svg>
  )
  return (
    <>
      <Label isCompact variant="outline" icon={sign}>
        {text.statuses[status]}
      </Label>{' '}
      {words}
    </>
  )
}
