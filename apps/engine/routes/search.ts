// The `search` parameter of collections: equality on elements, joined by "and". The rest of oVirt's language is refused.
import { Fault } from '../faults.ts'

/** A predicate on resources as they are shown. Throws a fault for what is not understood: ignoring it would lie. */
export function matchesSearch(query: URLSearchParams): (shown: object) => boolean {
  const search = query.get('search')?.trim() ?? ''
  if (search === '') return () => true
  const conditions = search.split(/\s+and\s+/i).map(parseCondition)
  return (shown) =>
    conditions.every(({ name, pattern }) => pattern.test(String((shown as Record<string, unknown>)[name] ?? '')))
}

function parseCondition(text: string): { name: string; pattern: RegExp } {
  const match = /^(\w+)\s*=\s*(?:"([^"]*)"|([^\s"]+))$/.exec(text)
  if (!match)
    throw new Fault('UNSUPPORTED', { what: `The search "${text.slice(0, 100)}" (use name=value, joined by and)` })
  const [, name, quoted, plain] = match
  const value = quoted ?? plain ?? ''
  const escaped = value.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return { name: name!, pattern: new RegExp(`^${escaped.join('.*')}$`, 'i') }
}
