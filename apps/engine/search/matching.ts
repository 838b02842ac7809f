// The search language for collections that are not rows of the database: it looks at the elements as they are shown.
import type { ResourceType } from '@patchbay/ovirt-api/element.ts'
import { Fault } from '../faults.ts'
import type { Operator } from '../store/condition.ts'
import { type Expression, parseSearch } from './language.ts'
import { maxOf, pageOf } from './paging.ts'

type Shown = Readonly<Record<string, unknown>>

/** Picks from what is shown. Throws a fault for what is not understood before anything is read: ignoring it would lie. */
export function matchingOf(type: ResourceType, query: URLSearchParams): <Item extends object>(all: Item[]) => Item[] {
  const { expression, sort, page } = parseSearch(query.get('search') ?? '')
  const { limit, offset } = pageOf(maxOf(query), page)
  const matches = expression ? matcherOf(type, expression) : () => true
  if (sort) checkField(type, sort.field)
  return (all) => {
    const found = all.filter((item) => matches(item as Shown))
    if (sort) found.sort((a, b) => compare(shownAs(a as Shown, sort.field), shownAs(b as Shown, sort.field)))
    if (sort?.isDescending) found.reverse()
    return found.slice(offset, limit === undefined ? undefined : offset + limit)
  }
}

function matcherOf(type: ResourceType, expression: Expression): (item: Shown) => boolean {
  if ('every' in expression) {
    const every = expression.every.map((each) => matcherOf(type, each))
    return (item) => every.every((matches) => matches(item))
  }
  if ('some' in expression) {
    const some = expression.some.map((each) => matcherOf(type, each))
    return (item) => some.some((matches) => matches(item))
  }
  if ('anywhere' in expression) {
    const pattern = `*${expression.anywhere}*`
    return (item) => ['name', 'description', 'comment'].some((name) => isLike(shownAs(item, name), pattern))
  }
  const { field, operator, value } = expression
  checkField(type, field)
  return (item) => isSo(shownAs(item, field), operator, value)
}

function isSo(text: string, operator: Operator, value: string): boolean {
  if (operator === '=' || operator === '!=') return isLike(text, value) === (operator === '=')
  const order = compare(text, value)
  if (operator === '<') return order < 0
  if (operator === '<=') return order <= 0
  return operator === '>' ? order > 0 : order >= 0
}

/** Numbers by their value, everything else as texts. */
function compare(a: string, b: string): number {
  const [left, right] = [Number(a), Number(b)]
  if (a !== '' && b !== '' && !Number.isNaN(left) && !Number.isNaN(right)) return left - right
  return a === b ? 0 : a < b ? -1 : 1
}

const shownAs = (item: Shown, name: string) => String(item[name] ?? '')

function checkField({ fields }: ResourceType, name: string): void {
  const kind = name === 'id' ? 'text' : Object.hasOwn(fields, name) ? fields[name]!.kind : undefined
  if (kind === undefined || kind === 'struct' || kind === 'list')
    throw new Fault('INVALID_SEARCH_FIELD', { field: name.slice(0, 100) })
}

/** `*` stands for anything; case does not count. Each part is looked for once, so that no pattern takes long. */
export function isLike(text: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split('*')
  const last = rest.pop()
  const lowered = text.toLowerCase()
  if (last === undefined) return lowered === first
  let at = first.length
  for (const part of rest) {
    const found = lowered.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return lowered.startsWith(first) && lowered.endsWith(last) && lowered.length >= at + last.length
}
