// What a collection's query asks for: `search`, equality on elements joined by "and", and `max`. The rest of oVirt's
// language is refused.
import type { ResourceType } from '@patchbay/ovirt-api/element.ts'
import { Fault } from '../faults.ts'

/** The items that are asked for, of those shown. Throws a fault for what is not understood: ignoring it would lie. */
export function wantedOf(
  { fields }: ResourceType,
  query: URLSearchParams,
): <Shown extends object>(all: Shown[]) => Shown[] {
  const conditions = parseSearch(query.get('search')?.trim() ?? '')
  for (const { name } of conditions) {
    const kind = name === 'id' ? 'text' : Object.hasOwn(fields, name) ? fields[name]!.kind : undefined
    if (kind === undefined || kind === 'struct' || kind === 'list')
      throw unsupported(`A search by "${name.slice(0, 100)}"`)
  }
  const max = parseMax(query.get('max'))
  const matches = (shown: object) =>
    conditions.every(({ name, pattern }) => isLike(String((shown as Record<string, unknown>)[name] ?? ''), pattern))
  return (all) => all.filter(matches).slice(0, max)
}

interface Condition {
  readonly name: string
  readonly pattern: string
}

function parseSearch(search: string): Condition[] {
  const conditions: Condition[] = []
  for (let rest = search; rest !== ''; ) {
    const match = /^(\w+)\s*=\s*(?:"([^"]*)"|([^\s"]+))(?:\s+and\s+(?=\S)|$)/i.exec(rest)
    if (!match) throw unsupported(`The search "${search.slice(0, 100)}" (use name=value, joined by and)`)
    const [whole, name, quoted, plain] = match
    conditions.push({ name: name!.toLowerCase(), pattern: quoted ?? plain ?? '' })
    rest = rest.slice(whole.length)
  }
  return conditions
}

/** `*` stands for anything; case does not count. Each part is looked for once, so that no pattern takes long. */
function isLike(text: string, pattern: string): boolean {
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

function parseMax(given: string | null): number | undefined {
  if (given === null) return undefined
  if (/^\d{1,9}$/.test(given)) return Number(given)
  // -1 is how oVirt's clients say "all".
  if (given === '-1') return undefined
  throw new Fault('INVALID_VALUE', { reason: `max must be a whole number, not "${given.slice(0, 100)}".` })
}

const unsupported = (what: string) => new Fault('UNSUPPORTED', { what })
