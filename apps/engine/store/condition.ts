// Conditions on rows, as values, and the SQL they become: the same on every database.
import { type RawBuilder, sql } from 'kysely'

/** A step to rows of another table: those whose `to` is this row's `from`. */
export interface Hop {
  readonly from: string
  readonly table: string
  readonly to: string
}

/** A column of the row, or of rows that hops lead to. */
export interface ColumnPath {
  readonly hops: readonly Hop[]
  readonly column: string
}

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>='

export type Comparison =
  | { readonly operator: Operator; readonly value: string | number }
  /** `*` stands for anything. */
  | { readonly pattern: string; readonly isNegated: boolean; readonly isCaseSensitive: boolean }

/** `every` of nothing is true, `some` of nothing is false. */
export type Condition =
  | { readonly every: readonly Condition[] }
  | { readonly some: readonly Condition[] }
  | { readonly path: ColumnPath; readonly comparison: Comparison }
  /** Of a row that the hops lead to. */
  | { readonly through: readonly Hop[]; readonly holds: Condition }
  /** Of any row of a table, whatever this row is. */
  | { readonly anyIn: string; readonly holds: Condition }

export function conditionSql(condition: Condition): RawBuilder<boolean> {
  if ('every' in condition) return joined(condition.every, sql` and `, sql`1 = 1`)
  if ('some' in condition) return joined(condition.some, sql` or `, sql`1 = 0`)
  if ('through' in condition) return throughSql(condition.through, conditionSql(condition.holds))
  if ('anyIn' in condition)
    return sql`exists (select 1 from ${sql.table(condition.anyIn)} where ${conditionSql(condition.holds)})`
  const { hops, column } = condition.path
  return throughSql(hops, comparisonSql(sql.ref(column), condition.comparison))
}

const throughSql = (hops: readonly Hop[], last: RawBuilder<boolean>) =>
  hops.reduceRight(
    (inner, { from, table, to }) =>
      sql<boolean>`${sql.ref(from)} in (select ${sql.ref(to)} from ${sql.table(table)} where ${inner})`,
    last,
  )

/** What rows of `table` are sorted by: texts whatever their case. */
export function orderSql(
  table: string,
  { hops: [hop, ...further], column }: ColumnPath,
  isText: boolean,
): RawBuilder<unknown> {
  if (!hop) return isText ? sql`lower(${sql.ref(`${table}.${column}`)})` : sql.ref(`${table}.${column}`)
  const wanted = orderSql(hop.table, { hops: further, column }, isText)
  const [inner, outer] = [sql.ref(`${hop.table}.${hop.to}`), sql.ref(`${table}.${hop.from}`)]
  return sql`(select ${wanted} from ${sql.table(hop.table)} where ${inner} = ${outer} limit 1)`
}

function joined(conditions: readonly Condition[], word: RawBuilder<unknown>, none: RawBuilder<boolean>) {
  if (conditions.length === 0) return none
  return sql<boolean>`(${sql.join(conditions.map(conditionSql), word)})`
}

function comparisonSql(column: RawBuilder<unknown>, comparison: Comparison): RawBuilder<boolean> {
  if ('operator' in comparison) return sql`${column} ${sql.raw(comparison.operator)} ${comparison.value}`
  const { isNegated, isCaseSensitive } = comparison
  const pattern = comparison.pattern.replaceAll(/[\\%_]/g, '\\$&').replaceAll('*', '%')
  const like = sql.raw(isNegated ? 'not like' : 'like')
  if (isCaseSensitive) return sql`${column} ${like} ${pattern} escape '\\'`
  return sql`lower(${column}) ${like} lower(${pattern}) escape '\\'`
}
