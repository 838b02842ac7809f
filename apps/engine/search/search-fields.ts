// What can be searched by in a collection, as data: fields with the columns they mean, and the things a row is related to.
import type { Hop } from '../store/condition.ts'

export type FieldKind = 'text' | 'number' | 'bool' | 'time'

export interface SearchField {
  readonly kind: FieldKind
  readonly hops: readonly Hop[]
  readonly column: string
  /** The column counts only where another one has this value. */
  readonly where?: { readonly column: string; readonly is: string }
  /** Then `column` counts elsewhere. */
  readonly otherwise?: string
}

/** The same for every row. */
export interface ConstantField {
  readonly constant: string
}

export interface Searchable {
  readonly fields: Readonly<Record<string, SearchField | ConstantField>>
  /** `cluster.name`: fields of what hops lead to. */
  readonly related?: Readonly<Record<string, { readonly hops: readonly Hop[]; readonly of: () => Searchable }>>
  readonly newestFirst?: boolean
  /** What `from` bounds. */
  readonly counted?: SearchField
}

const field =
  (kind: FieldKind) =>
  (column: string, ...hops: Hop[]): SearchField => ({ kind, column, hops })

export const text = field('text')
export const number = field('number')
export const bool = field('bool')
/** Of a text in ISO 8601. */
export const time = field('time')
export const constant = (value: string): ConstantField => ({ constant: value })

export const hop = (from: string, table: string, to = 'id'): Hop => ({ from, table, to })
