// Which networks and hosts are drawn one by one, and which as a part of a group: what is broken first, then what is used most.
import type { Tally } from './tally.ts'

/** A network of a provider, or a host of a cluster. */
export interface Candidate extends Tally {
  readonly id: string
  /** The provider or the cluster; '' for none. */
  readonly of: string
}

/** Of things whose group is not expanded; and of those of each group that is. */
export const usualMost = 30
export const expandedMost = 200

/** `needed`: those that are shown in any case. A group of one would be no shorter than the one. */
export function shownOneByOne(
  candidates: readonly Candidate[],
  expanded: ReadonlySet<string>,
  needed: ReadonlySet<string>,
): Set<string> {
  const ordered = candidates.toSorted((a, b) => b.broken - a.broken || b.nics - a.nics || (a.id < b.id ? -1 : 1))
  const shown = new Set(needed)
  const left = new Map<string, number>([['', usualMost - needed.size]])
  for (const { id, of } of ordered) {
    if (shown.has(id)) continue
    const budget = expanded.has(of) ? of : ''
    const more = left.get(budget) ?? expandedMost
    if (more <= 0) continue
    left.set(budget, more - 1)
    shown.add(id)
  }
  for (const rest of Map.groupBy(
    ordered.filter(({ id }) => !shown.has(id)),
    ({ of }) => of,
  ).values())
    if (rest.length === 1) shown.add(rest[0]!.id)
  return shown
}
