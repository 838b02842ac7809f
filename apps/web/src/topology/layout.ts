// Where each node of the topology is drawn: a column for each kind, from providers at the left to hosts at the right, and
// within a column beside what it is connected to. Units are those of the picture.
import type { NodeKind } from '@patchbay/ovirt-api/types/topology.ts'

export interface LayoutNode {
  readonly key: string
  readonly kind: NodeKind
  readonly name: string
}

export interface LayoutLink {
  readonly from: string
  readonly to: string
}

export interface Placed<Node> {
  readonly node: Node
  readonly x: number
  readonly y: number
}

export interface Line<Link> {
  readonly link: Link
  /** An SVG path. */
  readonly path: string
}

export interface Layout<Node, Link> {
  readonly width: number
  readonly height: number
  readonly columns: readonly { readonly kind: NodeKind; readonly x: number }[]
  /** Column by column, each from its top: the order in which one walks through with the keyboard. */
  readonly places: readonly Placed<Node>[]
  readonly lines: readonly Line<Link>[]
}

export const kinds: readonly NodeKind[] = ['provider', 'network', 'port', 'nic', 'vm', 'host']
export const box = { width: 132, height: 40 } as const
const gap = { x: 42, y: 10 } as const
export const headingHeight = 26

/** From one node to the next one of its column. */
const step = box.height + gap.y

/** How often the columns are put in order of their neighbours, there and back. */
const sweeps = 3

/** Rows from its first neighbour to a node at most, so that both are seen where there are hundreds of others. */
const farthest = 4

export function layoutOf<Node extends LayoutNode, Link extends LayoutLink>(
  nodes: readonly Node[],
  links: readonly Link[],
): Layout<Node, Link> {
  const columns = inOrder(columnsOf(nodes, links), links)
  const tallest = Math.max(0, ...columns.map(({ length }) => length))
  const height = headingHeight + tallest * step
  const xOf = (column: number) => column * (box.width + gap.x) + 1
  const rowOf = rowsOf(columns, links)
  const places = columns.flatMap((column, at) =>
    column.map((node) => ({ node, x: xOf(at), y: headingHeight + rowOf.get(node.key)! * step })),
  )
  const placeOf = new Map(places.map((place) => [place.node.key, place]))
  const lines = links.flatMap((link) => {
    const [from, to] = [placeOf.get(link.from), placeOf.get(link.to)]
    return from && to ? [{ link, path: pathBetween(from, to) }] : []
  })
  const shown = columns.map((column, at) => ({ kind: column[0]!.kind, x: xOf(at) }))
  return { width: Math.max(0, xOf(columns.length) - gap.x + 1), height, columns: shown, places, lines }
}

/** Kinds of which there is nothing have no column. Of two with one name, as vNICs have it, the name of what is right of it says. */
function columnsOf<Node extends LayoutNode>(nodes: readonly Node[], links: readonly LayoutLink[]): Node[][] {
  const nameOf = new Map(nodes.map(({ key, name }) => [key, name]))
  const leadsTo = new Map(links.map(({ from, to }) => [from, nameOf.get(to)]))
  const nextName = ({ key }: LayoutNode) => leadsTo.get(key) ?? ''
  const byName = (a: Node, b: Node) =>
    inWords(a.name, b.name) || inWords(nextName(a), nextName(b)) || (a.key < b.key ? -1 : 1)
  return kinds
    .map((kind) => nodes.filter((node) => node.kind === kind).toSorted(byName))
    .filter((column) => column.length > 0)
}

const inWords = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true })

/** Each node goes to the mean of its neighbours' rows, so that few links cross; what has none stays behind the others. */
function inOrder<Node extends LayoutNode>(columns: readonly Node[][], links: readonly LayoutLink[]): Node[][] {
  const left = neighbours(links, 'to', 'from')
  const right = neighbours(links, 'from', 'to')
  let ordered = columns.map((column) => [...column])
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const isBack = sweep % 2 === 1
    ordered = swept(isBack ? ordered.toReversed() : ordered, isBack ? right : left)
    if (isBack) ordered.reverse()
  }
  return ordered
}

function swept<Node extends LayoutNode>(
  columns: readonly Node[][],
  neighboursOf: ReadonlyMap<string, readonly string[]>,
): Node[][] {
  const rank = new Map<string, number>()
  return columns.map((column, at) => {
    const mean = ({ key }: Node) => {
      const ranks = (neighboursOf.get(key) ?? []).flatMap((other) => rank.get(other) ?? [])
      return ranks.length === 0 ? Number.POSITIVE_INFINITY : ranks.reduce((sum, each) => sum + each, 0) / ranks.length
    }
    const means = new Map(column.map((node) => [node.key, mean(node)]))
    const sorted = at === 0 ? column : column.toSorted((a, b) => compare(means.get(a.key)!, means.get(b.key)!))
    for (const [row, { key }] of sorted.entries()) rank.set(key, row / sorted.length)
    return sorted
  })
}

/** Of two that are infinite, their difference is no number. */
const compare = (a: number, b: number) => (a === b ? 0 : a - b)

function neighbours(links: readonly LayoutLink[], of: 'from' | 'to', other: 'from' | 'to') {
  const all = new Map<string, string[]>()
  for (const link of links) all.set(link[of], [...(all.get(link[of]) ?? []), link[other]])
  return all
}

/** One column from the top on; to both sides of it each node beside its neighbours. Rows may be broken. */
function rowsOf(columns: readonly (readonly LayoutNode[])[], links: readonly LayoutLink[]): Map<string, number> {
  const [left, right] = [neighbours(links, 'to', 'from'), neighbours(links, 'from', 'to')]
  const count = Math.max(0, ...columns.map(({ length }) => length))
  const first = firstOf(columns)
  const rows = new Map((columns[first] ?? []).map(({ key }, row) => [key, row]))
  for (const column of columns.slice(first + 1)) place(column, left)
  for (const column of columns.slice(0, first).toReversed()) place(column, right)
  return rows

  function place(column: readonly LayoutNode[], neighboursOf: ReadonlyMap<string, readonly string[]>): void {
    const isAlone = ({ key }: LayoutNode) => !(neighboursOf.get(key) ?? []).some((other) => rows.has(other))
    const centred = (count - column.length) / 2
    let next = column.every(isAlone) ? Math.min(centred, farthest) : 0
    for (const [at, { key }] of column.entries()) {
      const beside = (neighboursOf.get(key) ?? []).flatMap((other) => rows.get(other) ?? [])
      // The others after it need their rows, too.
      const row = Math.min(Math.max(next, besideRow(beside) ?? next), count - column.length + at)
      rows.set(key, row)
      next = row + 1
    }
  }
}

/** The tallest one. Where ports are shown, vNICs: each port goes into the row of its own, and the row of one without is free. */
function firstOf(columns: readonly (readonly LayoutNode[])[]): number {
  const ofKind = (kind: NodeKind) => columns.findIndex(([node]) => node?.kind === kind)
  const [ports, nics] = [ofKind('port'), ofKind('nic')]
  if (ports >= 0 && nics >= 0) return nics
  return columns.reduce((most, { length }, at) => (length > columns[most]!.length ? at : most), 0)
}

function besideRow(rows: readonly number[]): number | undefined {
  if (rows.length === 0) return undefined
  const [first, last] = [Math.min(...rows), Math.max(...rows)]
  return Math.min((first + last) / 2, first + farthest)
}

function pathBetween(from: Placed<unknown>, to: Placed<unknown>): string {
  const [x1, y1] = [from.x + box.width, from.y + box.height / 2]
  const [x2, y2] = [to.x, to.y + box.height / 2]
  // What passes a column goes straight through it, in the row of its end.
  const turned = Math.min(x2, x1 + gap.x)
  const middle = (x1 + turned) / 2
  return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${turned} ${y2}H${x2}`
}
