// The picture: columns of nodes with lines between them. Each node is a link: to the page of what it is, or, for a group, to
// the same picture with its parts one by one.
import { Link } from '@tanstack/react-router'
import { text } from '../text/topology.ts'
import { box, layoutOf, type Placed } from './layout.ts'
import { StatusSign } from './status-sign.tsx'
import { placeOf, type TopologyLink, type TopologyNode } from './topology-nodes.ts'
import { type TopologyPlace, toggled } from './topology-place.ts'

interface Props {
  readonly nodes: readonly TopologyNode[]
  readonly links: readonly TopologyLink[]
  readonly place: TopologyPlace
}

export function TopologyPicture({ nodes, links, place }: Props) {
  const { width, height, columns, places, lines } = layoutOf(nodes, links)
  return (
    <section className="topology-picture" aria-label={text.title}>
      <svg viewBox={`0 0 ${width} ${height}`} role="presentation">
        <g>
          {columns.map(({ kind, x }) => (
            <text key={kind} className="topology-heading" x={x + box.width / 2} y={14}>
              {text.kinds[kind]}
            </text>
          ))}
          {lines.map(({ link: { from, to, status }, path }) => (
            <path key={`${from} ${to}`} className={`topology-line is-${status}`} d={path} />
          ))}
        </g>
        {places.map((placed) => (
          <Node key={placed.node.key} placed={placed} place={place} />
        ))}
      </svg>
    </section>
  )
}

function Node({ placed: { node, x, y }, place }: { placed: Placed<TopologyNode>; place: TopologyPlace }) {
  const target = placeOf(node)
  return (
    <g transform={`translate(${x} ${y})`} className={`topology-node ${target ? '' : 'is-group'}`}>
      <NodeLink node={node} place={place}>
        <rect width={box.width} height={box.height} rx={6} />
        <StatusSign status={node.status} x={14} y={box.height / 2} />
        {/* HTML, which shortens what is too long by itself. */}
        <foreignObject x={26} y={0} width={box.width - 30} height={box.height}>
          <div className="topology-text">
            <div>{node.name}</div> {node.words !== '' && <div className="topology-words">{node.words}</div>}
          </div>
        </foreignObject>
      </NodeLink>
      {target && node.isExpanded && <Collapse node={node} place={place} />}
    </g>
  )
}

interface LinkProps {
  readonly node: TopologyNode
  readonly place: TopologyPlace
  readonly children: React.ReactNode
}

function NodeLink({ node, place, children }: LinkProps) {
  const { kind, name, status, words, expand } = node
  const target = placeOf(node)
  const spoken = [`${name} ${words}`.trim(), target && text.kinds[kind], text.statuses[status]]
    .filter(Boolean)
    .join(', ')
  if (target)
    return (
      <Link {...target} aria-label={spoken}>
        <title>{spoken}</title>
        {children}
      </Link>
    )
  if (!expand)
    return (
      <g>
        <title>{spoken}</title>
        {children}
      </g>
    )
  const asked = `${spoken}. ${text.expand}`
  return (
    <Link to="/topology" search={{ ...place, expand: toggled(place, expand) }} aria-label={asked}>
      <title>{asked}</title>
      {children}
    </Link>
  )
}

function Collapse({ node: { name, expand = '' }, place }: Pick<LinkProps, 'node' | 'place'>) {
  return (
    <Link to="/topology" search={{ ...place, expand: toggled(place, expand) }} aria-label={text.collapse(name)}>
      <title>{text.collapse(name)}</title>
      <circle className="topology-collapse" cx={box.width - 12} cy={box.height / 2} r={9} />
      <text className="topology-collapse-sign" x={box.width - 12} y={box.height / 2 + 4}>
        {text.collapseSign}
      </text>
    </Link>
  )
}
