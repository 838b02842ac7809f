// Makes operations whose tables, columns and values the compiler checks against generated row types.
import type { DatabaseDescription } from '../../schema/database-description.ts'
import type { Where } from './conditions.ts'
import type { Mutation } from './mutations.ts'
import type { Abort, Assert, Comment, Commit, Delete, Insert, Mutate, Select, Update, Wait } from './operations.ts'

/** Columns to set. Null empties an optional one; undefined ones and those left out are not touched. */
export type NewRow<Row> = { readonly [C in Exclude<keyof Row, '_uuid'>]?: Row[C] | undefined }

export interface WaitOptions<Row, Column extends keyof Row> {
  readonly columns: readonly Column[]
  readonly until: '==' | '!='
  readonly rows: readonly Pick<Row, Column>[]
  readonly timeoutMs: number
}

export interface OperationBuilders<Tables extends object> {
  insert<T extends keyof Tables & string>(
    table: T,
    row: NewRow<Tables[T]>,
    options?: { readonly name?: string; readonly uuid?: string },
  ): Insert
  /** All columns, if none are named. */
  select<T extends keyof Tables & string, C extends keyof Tables[T] & string = keyof Tables[T] & string>(
    table: T,
    where: Where<Tables[T]>,
    columns?: readonly C[],
  ): Select<Pick<Tables[T], C>>
  update<T extends keyof Tables & string>(table: T, where: Where<Tables[T]>, row: NewRow<Tables[T]>): Update
  mutate<T extends keyof Tables & string>(
    table: T,
    where: Where<Tables[T]>,
    mutations: readonly Mutation<Tables[T]>[],
  ): Mutate
  delete<T extends keyof Tables & string>(table: T, where: Where<Tables[T]>): Delete
  wait<T extends keyof Tables & string, C extends keyof Tables[T] & string>(
    table: T,
    where: Where<Tables[T]>,
    options: WaitOptions<Tables[T], C>,
  ): Wait
  /** A guard: the transaction fails with "timed out" unless these columns of the row are what they are in `row`. */
  unchanged<T extends keyof Tables & string, C extends keyof Tables[T] & string>(
    table: T,
    row: Pick<Tables[T], C> & { readonly _uuid: string },
    columns: readonly C[],
  ): Wait
  /** A guard: the transaction fails with "timed out" if there is such a row. */
  absent<T extends keyof Tables & string>(table: T, where: Where<Tables[T]>): Wait
  comment(comment: string): Comment
  assert(lock: string): Assert
  commit(options: { readonly durable: boolean }): Commit
  abort(): Abort
}

/** `const nb = operationsOn(ovnNorthbound)`, then `nb.insert('Logical_Switch', { name: 'ls1' })`. */
export function operationsOn<Tables extends object>(_: DatabaseDescription<Tables>): OperationBuilders<Tables> {
  return builders as unknown as OperationBuilders<Tables>
}

const builders: OperationBuilders<Record<string, Readonly<Record<string, never>>>> = {
  insert: (table, row, options) => ({ op: 'insert', table, row, ...options }),
  select: (table, where, columns) => ({ op: 'select', table, where, ...(columns ? { columns } : {}) }),
  update: (table, where, row) => ({ op: 'update', table, where, row }),
  mutate: (table, where, mutations) => ({ op: 'mutate', table, where, mutations }),
  delete: (table, where) => ({ op: 'delete', table, where }),
  wait: (table, where, options) => ({ op: 'wait', table, where, ...options }),
  unchanged: (table, row, columns) => ({
    op: 'wait',
    table,
    where: [['_uuid', '==', row._uuid]],
    columns,
    until: '==',
    rows: [Object.fromEntries(columns.map((column) => [column, row[column]]))],
    timeoutMs: 0,
  }),
  absent: (table, where) => ({ op: 'wait', table, where, columns: ['_uuid'], until: '==', rows: [], timeoutMs: 0 }),
  comment: (comment) => ({ op: 'comment', comment }),
  assert: (lock) => ({ op: 'assert', lock }),
  commit: ({ durable }) => ({ op: 'commit', durable }),
  abort: () => ({ op: 'abort' }),
}
