// Where one is: the address holds everything that a page shows, so that a link leads to the same and "back" works.
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ListState } from './list-query.ts'

export interface Place extends ListState {
  readonly tab?: string | undefined
  /** The dialog that is open: `add`, `edit`, `remove`. */
  readonly dialog?: string | undefined
  /** What it is about: ids, with commas between. */
  readonly of?: string | undefined
}

/** Of whatever stands in an address. */
export function readPlace(search: Record<string, unknown>): Place {
  const text = (name: string) => (search[name] === undefined ? undefined : String(search[name]).slice(0, 2000))
  const page = Number(search.page)
  return {
    q: text('q'),
    sort: text('sort'),
    page: Number.isInteger(page) && page > 1 ? page : undefined,
    tab: text('tab'),
    dialog: text('dialog'),
    of: text('of'),
  }
}

/** `go` changes a part of the place; what is undefined then leaves the address. */
export function usePlace() {
  const place = useSearch({ from: '__root__' })
  const navigate = useNavigate()
  const go = (change: Place, { replace = false } = {}) =>
    void navigate({ to: '.', search: { ...place, ...change }, replace })
  return {
    place,
    go,
    open: (dialog: string, ...ids: string[]) => go({ dialog, of: ids.length > 0 ? ids.join(',') : undefined }),
    close: () => go({ dialog: undefined, of: undefined }),
  }
}
