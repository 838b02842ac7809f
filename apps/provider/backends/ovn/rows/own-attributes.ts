// The attributes that OVN has no column for: one JSON text in external_ids. What OVN does have is never taken from there.

import type { ResourceType } from '@patchbay/networking-api/resource.ts'
import { isObject } from '@patchbay/networking-api/resources/kinds.ts'

export const ownKey = 'patchbay'

/** All attributes but these, and but those that are what they are unless they are mentioned. */
export function ownText(
  resource: object,
  elsewhere: ReadonlySet<string>,
  unlessMentioned: Readonly<Record<string, unknown>> = {},
): string {
  const mentioned: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(resource))
    if (!elsewhere.has(name) && !same(value, unlessMentioned[name])) mentioned[name] = value
  return JSON.stringify(mentioned)
}

/** The usual defaults are an empty list, `null` and texts, for which nothing has to be written. */
function same(a: unknown, b: unknown): boolean {
  if (a === b || typeof a !== 'object' || typeof b !== 'object') return a === b
  if (Array.isArray(a) && Array.isArray(b) && (a.length === 0 || b.length === 0)) return a.length === b.length
  return JSON.stringify(a) === JSON.stringify(b)
}

/** Empty for a row that somebody else made. */
export function ownAttributes(externalIds: Readonly<Record<string, string>>): Record<string, unknown> {
  try {
    const own: unknown = JSON.parse(externalIds[ownKey] ?? '{}')
    return isObject(own) ? own : {}
  } catch {
    return {}
  }
}

/** What the attributes of a resource are that its maker never heard of. */
export function strangersDefaults({ attributes }: ResourceType): Record<string, unknown> {
  const initial = Object.entries(attributes).flatMap(([name, attribute]) =>
    attribute.initial === undefined ? [] : [[name, attribute.initial] as const],
  )
  return { ...Object.fromEntries(initial), ...unknownHistory }
}

const unknownHistory = {
  tenant_id: '',
  project_id: '',
  created_at: '1970-01-01T00:00:00Z',
  updated_at: '1970-01-01T00:00:00Z',
  revision_number: 0,
}

/** The same resource, its attributes in the order in which every answer has them. */
export function inOrder<Row extends object>({ attributes }: ResourceType, resource: Row): Row {
  const ordered: Record<string, unknown> = { ...attributes }
  for (const name in ordered) ordered[name] = (resource as Record<string, unknown>)[name]
  return ordered as Row
}
