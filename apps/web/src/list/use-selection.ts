// Which rows are ticked.
import { useState } from 'react'
import type { Selection } from './resource-table.tsx'

export function useSelection<Row extends { readonly id: string }>(): Selection<Row> & {
  readonly ids: readonly string[]
  clear(): void
} {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set())
  const change = (rows: readonly Row[], isOn: boolean) => {
    const next = new Set(ids)
    for (const { id } of rows) isOn ? next.add(id) : next.delete(id)
    setIds(next)
  }
  return {
    ids: [...ids],
    has: ({ id }) => ids.has(id),
    toggle: (row) => change([row], !ids.has(row.id)),
    toggleAll: change,
    clear: () => setIds(new Set()),
  }
}
