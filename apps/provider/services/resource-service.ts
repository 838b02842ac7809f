// What every resource's service has in common: its verbs, what it is made of, and how it lists.
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import { type Listing, select } from '@patchbay/networking-api/listing/listing.ts'
import type { Attributes, Change, Draft, ResourceType, Values } from '@patchbay/networking-api/resource.ts'
import type { Backend, Reader, State, Transaction } from '../backends/backend.ts'

/** The verbs are functions of a state or of a transaction, which may hold several. They throw NetworkingErrors. */
export interface ResourceService<A extends Attributes, Row = Values<A>> {
  readonly type: ResourceType<A>
  /** Rows that `visible` refuses are not there: filters, order and pages are those of the rest. */
  list(listing: Listing, visible: (row: Row) => boolean): Row[]
  /** What `list` answers when all rows are visible, as JSON; undefined where that is no faster. */
  texts?(listing: Listing): string[] | undefined
  get(state: State, id: string): Row
  /** What `get` throws when there is none. */
  notFound(id: string): Error
  create(transaction: Transaction, draft: Draft<A>, project: string): Row
  /** `ifRevision`: only if the resource still has this revision. */
  update(transaction: Transaction, id: string, change: Change<A>, ifRevision?: number): Row
  remove(transaction: Transaction, id: string, ifRevision?: number): void
}

export interface ServiceParts {
  readonly backend: Backend
  /** The time as the API writes it: `2026-11-22T15:41:58Z`. */
  readonly now: () => string
  readonly newId: () => string
}

/** Who a new resource belongs to: the project it names, else the caller's. */
export function ownedBy(
  draft: { tenant_id?: string; project_id?: string },
  project: string,
): { tenant_id: string; project_id: string } {
  const owner = draft.project_id ?? draft.tenant_id ?? project
  return { tenant_id: owner, project_id: owner }
}

/** Throws when the caller knew an older state than there is. */
export function checkRevision(
  { revision_number: current }: { readonly revision_number: number },
  expected: number | undefined,
): void {
  if (expected !== undefined && expected !== current)
    throw new NetworkingError('RevisionNumberConstraintFailed', { expected, current })
}

/** The rows a listing asks for, found by the most selective index that its filters allow. */
export function listRows<Row extends { readonly id: string }>(
  type: ResourceType,
  reader: Reader<Row>,
  listing: Listing,
  visible: (row: Row) => boolean,
): Row[] {
  return select<Row & Record<string, unknown>>(
    type,
    candidates(reader, listing) as Iterable<Row & Record<string, unknown>>,
    listing,
    visible,
  )
}

/** For a listing that asks for no more than an index answers. */
export function listTexts<Row extends { readonly id: string }>(
  reader: Reader<Row>,
  { filters, tags, fields, sort, limit, marker }: Listing,
): string[] | undefined {
  if (tags.length > 0 || fields.length > 0 || sort.length > 0 || limit !== undefined || marker !== undefined) return
  const [only, more] = filters
  if (!only) return reader.texts()
  const attribute = reader.indexes.find((name) => name === only[0])
  if (attribute && !more && only[1].length === 1) return reader.texts(attribute, only[1][0])
}

function candidates<Row extends { readonly id: string }>(reader: Reader<Row>, { filters }: Listing): Iterable<Row> {
  const ids = filters.get('id')
  if (ids) return [...new Set(ids)].flatMap((id) => reader.get(id) ?? [])
  const index = reader.indexes.find((attribute) => filters.has(attribute))
  if (!index) return reader.all()
  return [...new Set(filters.get(index))].flatMap((value) => reader.find(index, value))
}
