// A collection's parameters as a query of rows: `search`, `case_sensitive`, `max`.
import { Fault } from '../faults.ts'
import type { Comparison, Condition, Operator } from '../store/condition.ts'
import type { RowOrder, RowQuery } from '../store/table.ts'
import { type Expression, parseSearch } from './language.ts'
import { isLike } from './matching.ts'
import { maxOf, pageOf } from './paging.ts'
import type { ConstantField, Searchable, SearchField } from './search-fields.ts'

type Field = SearchField | ConstantField

export function rowQueryOf(searchable: Searchable, query: URLSearchParams): RowQuery {
  const { expression, sort, page } = parseSearch(query.get('search') ?? '')
  const isCaseSensitive = /^(true|1)$/i.test(query.get('case_sensitive') ?? '')
  const every = [
    ...(expression ? [conditionOf(searchable, expression, isCaseSensitive)] : []),
    ...afterOf(searchable, query.get('from')),
  ]
  return {
    ...(every.length > 0 && { where: { every } }),
    order: sort ? orderOf(fieldOf(searchable, sort.field), sort.isDescending) : [],
    newestFirst: searchable.newestFirst ?? false,
    ...pageOf(maxOf(query), page),
  }
}

function conditionOf(searchable: Searchable, expression: Expression, isCaseSensitive: boolean): Condition {
  const inner = (each: Expression) => conditionOf(searchable, each, isCaseSensitive)
  if ('every' in expression) return { every: expression.every.map(inner) }
  if ('some' in expression) return { some: expression.some.map(inner) }
  if ('anywhere' in expression) {
    const comparison = { pattern: `*${expression.anywhere}*`, isNegated: false, isCaseSensitive }
    return { some: ownTexts(searchable).map((path) => ({ path, comparison })) }
  }
  const field = fieldOf(searchable, expression.field)
  const { operator, value } = expression
  if ('constant' in field) return { every: isLike(field.constant, value) === (operator === '=') ? [] : [never] }
  return fieldCondition(field, comparisonOf(field, expression.field, operator, value, isCaseSensitive))
}

/** `from`: only what comes after it. */
function afterOf({ counted }: Searchable, from: string | null): Condition[] {
  if (!counted || from === null) return []
  if (!/^\d{1,15}$/.test(from))
    throw new Fault('INVALID_VALUE', { reason: `from must be a whole number, not "${from.slice(0, 100)}".` })
  return [{ path: counted, comparison: { operator: '>', value: Number(from) } }]
}

const never: Condition = { some: [] }

/** What a value without a field is looked for in. */
const ownTexts = ({ fields }: Searchable) =>
  ['name', 'description', 'comment', 'message'].flatMap((name) => {
    const field = fields[name]
    return field && 'column' in field ? [field] : []
  })

function fieldCondition(field: SearchField, comparison: Comparison): Condition {
  const { where, otherwise } = field
  if (!where || otherwise === undefined) return { path: field, comparison }
  const when = (operator: Operator): Condition => ({
    path: { hops: field.hops, column: where.column },
    comparison: { operator, value: where.is },
  })
  const other = { path: { hops: field.hops, column: otherwise }, comparison }
  return { some: [{ every: [when('='), { path: field, comparison }] }, { every: [when('!='), other] }] }
}

function comparisonOf(
  { kind }: SearchField,
  name: string,
  operator: Operator,
  value: string,
  isCaseSensitive: boolean,
): Comparison {
  if (kind === 'number') return { operator, value: checked(name, value, /^-?\d{1,15}$/, Number) }
  if (kind === 'bool')
    return { operator, value: checked(name, value, /^(true|false|[01])$/i, (text) => Number(/^(true|1)$/i.test(text))) }
  if (kind === 'time')
    return { operator, value: checked(name, value, /^\d{4}-\d\d-\d\d/, (text) => new Date(text).toISOString()) }
  if (operator !== '=' && operator !== '!=') return { operator, value }
  return { pattern: value, isNegated: operator === '!=', isCaseSensitive }
}

function checked<Value>(name: string, value: string, form: RegExp, read: (text: string) => Value): Value {
  try {
    if (form.test(value)) return read(value)
  } catch {
    // Such as the 31st of February.
  }
  throw new Fault('INVALID_SEARCH_VALUE', { field: name, value: value.slice(0, 100) })
}

function orderOf(field: Field, isDescending: boolean): RowOrder[] {
  if ('constant' in field) return []
  return [{ path: field, isText: field.kind === 'text', isDescending }]
}

/** `cluster.name` and `Clusters.name` are the name of what the row is related to. */
function fieldOf(searchable: Searchable, name: string): Field {
  const [first = '', second] = name.split('.')
  if (second === undefined) return own(searchable, first) ?? unknown(name)
  const related = searchable.related ?? {}
  const thing = [first, first.replace(/s$/, '')].find((each) => Object.hasOwn(related, each))
  if (thing === undefined) return unknown(name)
  const { hops, of } = related[thing]!
  const field = own(of(), second) ?? unknown(name)
  return 'constant' in field ? field : { ...field, hops: [...hops, ...field.hops] }
}

const own = ({ fields }: Searchable, name: string) => (Object.hasOwn(fields, name) ? fields[name] : undefined)

function unknown(name: string): never {
  throw new Fault('INVALID_SEARCH_FIELD', { field: name.slice(0, 100) })
}
