// From what the address says of a list (search, sort, page) to the query that the engine answers: its search language.
import { searchValue } from '../engine/search-value.ts'

export interface ListState {
  /** Words, or a query in the engine's language. */
  readonly q?: string | undefined
  /** The field; `-name`: backwards. */
  readonly sort?: string | undefined
  /** From 1. */
  readonly page?: number | undefined
}

export const pageSize = 50

/** The query string of a collection. */
export function listQuery({ q = '', sort, page = 1 }: ListState): string {
  const search = [conditions(q), order(sort), page > 1 ? `page ${page}` : ''].filter((part) => part !== '').join(' ')
  const query = new URLSearchParams({ max: String(pageSize) })
  if (search !== '') query.set('search', search)
  return query.toString()
}

/** Words are a part of a name, a description or a comment; with a comparison in them they are a query already. */
function conditions(q: string): string {
  const words = q.trim()
  if (words === '') return ''
  if (/[\w.]\s*(=|!=|<|>)/.test(words)) return words
  return searchValue(`*${words}*`)
}

function order(sort: string | undefined): string {
  if (!sort) return ''
  return sort.startsWith('-') ? `sortby ${sort.slice(1)} desc` : `sortby ${sort} asc`
}
