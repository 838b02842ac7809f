// oVirt's search language: `name=web* and (status=up or cluster="a b") sortby name desc page 2`.
import { Fault } from '../faults.ts'
import type { Operator } from '../store/condition.ts'

export type Expression =
  | { readonly every: readonly Expression[] }
  | { readonly some: readonly Expression[] }
  | { readonly field: string; readonly operator: Operator; readonly value: string }
  /** A value without a field: looked for in names, descriptions, comments. */
  | { readonly anywhere: string }

export interface Search {
  /** undefined: everything. */
  readonly expression: Expression | undefined
  readonly sort: { readonly field: string; readonly isDescending: boolean } | undefined
  /** From 1. */
  readonly page: number
}

const mostCharacters = 2_000
const mostNesting = 20

/** Throws INVALID_SEARCH with the place that is not understood. Fields come in lower case. */
export function parseSearch(search: string): Search {
  if (search.length > mostCharacters) throw invalid(search, `it is longer than ${mostCharacters} characters`)
  const reader = readerOf(search)
  const isTail = reader.sees(/sortby\b|page\b/iy)
  const expression = isTail || reader.isAtEnd() ? undefined : readSome(reader, 0)
  const parsed = { expression, sort: readSort(reader), page: readPage(reader) }
  if (!reader.isAtEnd()) throw reader.refusal()
  return parsed
}

type Reader = ReturnType<typeof readerOf>

function readerOf(search: string) {
  let at = 0
  const match = (pattern: RegExp) => {
    at += /^\s*/.exec(search.slice(at))![0].length
    pattern.lastIndex = at
    return pattern.exec(search)
  }
  return {
    sees: (pattern: RegExp) => match(pattern) !== null,
    /** The groups of what comes next, which must be at this place; `pattern` is sticky. */
    take(pattern: RegExp): string[] | undefined {
      const found = match(pattern)
      if (!found) return undefined
      at += found[0].length
      return found.slice(1)
    },
    isAtEnd: () => search.slice(at).trim() === '',
    refusal: () => {
      const rest = search.slice(at).trim()
      return invalid(
        search,
        rest === '' ? 'something is missing at its end' : `"${rest.slice(0, 50)}" is not understood`,
      )
    },
  }
}

function readSome(reader: Reader, depth: number): Expression {
  const some = [readEvery(reader, depth)]
  while (reader.take(/or\b/iy)) some.push(readEvery(reader, depth))
  return some.length === 1 ? some[0]! : { some }
}

function readEvery(reader: Reader, depth: number): Expression {
  const every = [readTerm(reader, depth)]
  while (reader.take(/and\b/iy)) every.push(readTerm(reader, depth))
  return every.length === 1 ? every[0]! : { every }
}

function readTerm(reader: Reader, depth: number): Expression {
  if (depth > mostNesting) throw reader.refusal()
  if (reader.take(/\(/y)) {
    const inner = readSome(reader, depth + 1)
    if (!reader.take(/\)/y)) throw reader.refusal()
    return inner
  }
  const [field, operator] = reader.take(/(\w+(?:\.\w+)?)\s*(!=|<=|>=|=|<|>)/y) ?? []
  if (field !== undefined)
    return {
      field: field.toLowerCase(),
      operator: operator as Operator,
      value: readValue(reader, /([^\s()"=<>!][^\s()"]*)/y),
    }
  if (reader.sees(/(?:and|or|sortby|page)\b/iy)) throw reader.refusal()
  return { anywhere: readValue(reader, /([^\s()"=<>!]+)(?!\s*[=<>!])/y) }
}

function readValue(reader: Reader, plain: RegExp): string {
  const [value] = reader.take(/"([^"]*)"/y) ?? reader.take(plain) ?? []
  if (value === undefined) throw reader.refusal()
  return value
}

function readSort(reader: Reader): Search['sort'] {
  const [field, direction = 'asc'] = reader.take(/sortby\s+(\w+(?:\.\w+)?)(?:\s+(asc|desc)\b)?/iy) ?? []
  return field === undefined
    ? undefined
    : { field: field.toLowerCase(), isDescending: direction.toLowerCase() === 'desc' }
}

function readPage(reader: Reader): number {
  const [page = '1'] = reader.take(/page\s+([1-9]\d{0,6})(?=\s|$)/iy) ?? []
  return Number(page)
}

const invalid = (search: string, reason: string) =>
  new Fault('INVALID_SEARCH', { search: search.slice(0, 100), reason })
