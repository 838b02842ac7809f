// One table of entities: the few queries that services need. Booleans are integers and maps are JSON in the database.
import type { Kysely } from 'kysely'
import type { AnySchema } from './any-schema.ts'
import type { BuiltQueries } from './built-queries.ts'
import { type ColumnPath, type Condition, conditionSql, orderSql } from './condition.ts'
import type { Transact } from './group-commit.ts'

export interface Entity {
  readonly id: string
}

/** Which rows, in which order (oldest first unless said otherwise), and how many of them. */
export interface RowQuery {
  readonly where?: Condition
  readonly order?: readonly RowOrder[]
  readonly newestFirst?: boolean
  readonly limit?: number
  readonly offset?: number
}

export interface RowOrder {
  readonly path: ColumnPath
  readonly isText: boolean
  readonly isDescending: boolean
}

export interface Table<Row extends Entity> {
  readonly name: string
  get(id: string): Promise<Row | undefined>
  /** Rows that have all of these values, oldest first. */
  find(values: Partial<Row>): Promise<Row[]>
  select(query: RowQuery): Promise<Row[]>
  /** The one that was inserted last. */
  newest(): Promise<Row | undefined>
  /** By id; ids of nothing are left out. */
  getAll(ids: Iterable<string>): Promise<ReadonlyMap<string, Row>>
  /** How many of the rows that have all of these values have each value of the column. */
  countBy(column: keyof Row & string, values: Partial<Row>): Promise<ReadonlyMap<string, number>>
  insert(row: Row): Promise<void>
  /** Changes some columns; answers whether there was such a row. */
  update(id: string, change: Partial<Row>): Promise<boolean>
  remove(id: string): Promise<void>
}

/** Which columns are not plain texts and numbers. */
export interface Codec<Row> {
  readonly bools?: readonly (keyof Row & string)[]
  readonly json?: readonly (keyof Row & string)[]
  /** Permissions are given on its rows: they go with them. */
  readonly hasPermissions?: boolean
}

/** Where rows are read, and how a change is made: within a transaction, both on its connection. */
export interface Access {
  readonly reader: Kysely<AnySchema>
  readonly transact: Transact
  readonly queries: BuiltQueries
}

export function createTable<Row extends Entity>(
  { reader, transact, queries }: Access,
  name: string,
  { bools = [], json = [], hasPermissions = false }: Codec<Row> = {},
): Table<Row> {
  const decode = ({ rowid: _, ...entity }: Record<string, unknown>): Row => {
    for (const column of bools) entity[column] = entity[column] === 1
    for (const column of json) entity[column] = JSON.parse(entity[column] as string)
    return entity as unknown as Row
  }
  const encode = (row: Partial<Row>): Record<string, unknown> => {
    const columns: Record<string, unknown> = { ...row }
    for (const column of bools) if (column in columns) columns[column] = columns[column] ? 1 : 0
    for (const column of json) if (column in columns) columns[column] = JSON.stringify(columns[column])
    return columns
  }
  const shape = (verb: string, ...columns: readonly string[]) => `${verb} ${name} ${columns}`
  return {
    name,
    async get(id) {
      const build = () => reader.selectFrom(name).selectAll().where('id', '=', id)
      const [row] = await queries.rows(reader, shape('get'), [id], build)
      return row && decode(row)
    },
    async find(values) {
      const wanted = Object.entries(encode(values))
      const build = () => {
        let query = reader.selectFrom(name).selectAll()
        for (const [column, value] of wanted) query = query.where(column, '=', value)
        return query.orderBy('rowid')
      }
      const found = shape('find', ...wanted.map(([column]) => column))
      return (
        await queries.rows(
          reader,
          found,
          wanted.map(([, value]) => value),
          build,
        )
      ).map(decode)
    },
    async select({ where, order = [], newestFirst = false, limit, offset = 0 }) {
      let query = reader.selectFrom(name).selectAll()
      if (where) query = query.where(conditionSql(where))
      for (const { path, isText, isDescending } of order)
        query = query.orderBy(orderSql(name, path, isText), isDescending ? 'desc' : 'asc')
      query = query.orderBy('rowid', newestFirst ? 'desc' : 'asc')
      if (limit !== undefined) query = query.limit(limit).offset(offset)
      return (await query.execute()).map(decode)
    },
    async newest() {
      const build = () => reader.selectFrom(name).selectAll().orderBy('rowid', 'desc').limit(1)
      const [row] = await queries.rows(reader, shape('newest'), [1], build)
      return row && decode(row)
    },
    async getAll(ids) {
      const found = new Map<string, Row>()
      for (const some of batches(ids)) {
        const wanted = filledUp(some)
        const build = () => reader.selectFrom(name).selectAll().where('id', 'in', wanted)
        const rows = await queries.rows(reader, shape('get', `${wanted.length}`), wanted, build)
        for (const row of rows.map(decode)) found.set(row.id, row)
      }
      return found
    },
    async countBy(column, values) {
      let query = reader.selectFrom(name).select([`${column} as value`, reader.fn.countAll().as('count')])
      for (const [each, value] of Object.entries(encode(values))) query = query.where(each, '=', value)
      const rows: Record<string, unknown>[] = await query.groupBy(column).execute()
      return new Map(rows.map(({ value, count }) => [String(value), Number(count)]))
    },
    insert: (entity) =>
      transact(async (db, changed) => {
        const row = defined(encode(entity))
        const build = () => db.insertInto(name).values(row)
        await queries.rows(db, shape('insert', ...Object.keys(row)), Object.values(row), build)
        changed.push({ table: name, id: entity.id, kind: 'added', row })
      }),
    update: (id, change) =>
      transact(async (db, changed) => {
        const columns = defined(encode(change))
        const build = () => db.updateTable(name).set(columns).where('id', '=', id).returningAll()
        const updated = shape('update', ...Object.keys(columns))
        const [row] = await queries.rows(db, updated, [...Object.values(columns), id], build)
        if (row) changed.push({ table: name, id, kind: 'updated', row })
        return row !== undefined
      }),
    remove: (id) =>
      transact(async (db, changed) => {
        const build = () => db.deleteFrom(name).where('id', '=', id).returningAll()
        const [row] = await queries.rows(db, shape('remove'), [id], build)
        if (row) changed.push({ table: name, id, kind: 'removed', row })
        if (!hasPermissions) return
        const given = await db.deleteFrom('permission').where('objectId', '=', id).returningAll().execute()
        for (const each of given) changed.push({ table: 'permission', id: String(each.id), kind: 'removed', row: each })
      }),
  }
}

/** What is undefined is not written. */
const defined = (columns: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined))

/** To a power of two, with the last one again: so there are few shapes of queries. */
function filledUp(ids: readonly string[]): string[] {
  const size = 2 ** Math.ceil(Math.log2(ids.length))
  return Array.from({ length: size }, (_, at) => ids[Math.min(at, ids.length - 1)]!)
}

/** Databases bound the parameters of a statement. */
function* batches(ids: Iterable<string>, size = 512): Iterable<string[]> {
  const all = [...new Set(ids)]
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size)
}
