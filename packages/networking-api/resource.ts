// What a resource of the Networking API is: its names, its attributes, and how a request body becomes values.
import { badRequest } from './errors.ts'
import { isObject, type Kind } from './resources/kinds.ts'

/** One attribute: its kind, and whether a client may, must or must not give it on create and on update. */
export interface Attribute<Value = unknown> extends Kind<Value> {
  readonly create: 'required' | 'optional' | 'refused'
  readonly update: 'optional' | 'refused'
  /** Answers do not show it. */
  readonly hidden?: true
  /** What the attribute is when a create request leaves it out. */
  readonly initial?: Value
}

export type Attributes = Readonly<Record<string, Attribute>>

export interface ResourceType<A extends Attributes = Attributes> {
  readonly singular: string
  readonly plural: string
  /** In URLs, where that is not the plural: with hyphens. */
  readonly path?: string
  readonly attributes: A
}

export const pathOf = ({ path, plural }: Pick<ResourceType, 'path' | 'plural'>): string => path ?? plural

type ValueOf<A> = A extends Attribute<infer Value> ? Value : never

/** The resource as answers show it. */
export type Values<A extends Attributes> = { [Name in keyof A]: ValueOf<A[Name]> }

type IsSet<A> = A extends { create: 'required' } | { initial: unknown } ? true : false
/** What a valid create request says, defaults filled in. */
export type Draft<A extends Attributes> = {
  [Name in keyof A as A[Name]['create'] extends 'refused' ? never : Name]: IsSet<A[Name]> extends true
    ? ValueOf<A[Name]>
    : ValueOf<A[Name]> | undefined
}
/** What a valid update request says: only what it changes. */
export type Change<A extends Attributes> = {
  [Name in keyof A as A[Name]['update'] extends 'refused' ? never : Name]?: ValueOf<A[Name]>
}

type Access<Value, Create, Update> = Kind<Value> & { readonly create: Create; readonly update: Update }

export function readOnly<Value>(kind: Kind<Value>): Access<Value, 'refused', 'refused'> {
  return { ...kind, create: 'refused', update: 'refused' }
}

export function required<Value>(kind: Kind<Value>): Access<Value, 'required', 'refused'> {
  return { ...kind, create: 'required', update: 'refused' }
}

export function atCreation<Value>(kind: Kind<Value>): Access<Value, 'optional', 'refused'> {
  return { ...kind, create: 'optional', update: 'refused' }
}

export function writable<Value>(kind: Kind<Value>): Access<Value, 'optional', 'optional'>
export function writable<Value>(
  kind: Kind<Value>,
  initial: NoInfer<Value>,
): Access<Value, 'optional', 'optional'> & { readonly initial: Value }
export function writable<Value>(kind: Kind<Value>, initial?: Value): Access<Value, 'optional', 'optional'> {
  return initial === undefined
    ? { ...kind, create: 'optional', update: 'optional' }
    : ({ ...kind, create: 'optional', update: 'optional', initial } as Access<Value, 'optional', 'optional'>)
}

/** What a POST asks for. */
export interface Creation<A extends Attributes> {
  readonly wanted: readonly Wanted<A>[]
  /** Whether the answer is a list, also of one. */
  readonly bulk: boolean
}

export interface Wanted<A extends Attributes> {
  readonly draft: Draft<A>
  /** The attributes that the request names itself: the draft has the defaults too. */
  readonly given: readonly string[]
}

/** One request writes no more than this, so that it does not keep all others waiting. */
const maxBulk = 1000

/** Reads a POST: one resource, `{"network": {…}}`, or several, `{"networks": [{…}, {"network": {…}}]}`. */
export function parseCreation<A extends Attributes>(type: ResourceType<A>, body: unknown): Creation<A> {
  const items = isObject(body) ? body[type.plural] : undefined
  if (items === undefined) return { wanted: [parseWanted(type, body)], bulk: false }
  if (!Array.isArray(items)) throw badRequest('Body contains invalid data')
  if (items.length === 0) throw badRequest('Resources required')
  if (items.length > maxBulk) throw badRequest(`More than ${maxBulk} ${type.plural} in one request`)
  const wrapped = (item: unknown) => isObject(item) && type.singular in item
  return {
    wanted: items.map((item) => parseWanted(type, wrapped(item) ? item : { [type.singular]: item })),
    bulk: true,
  }
}

function parseWanted<A extends Attributes>(type: ResourceType<A>, body: unknown): Wanted<A> {
  return { draft: parseCreate(type, body), given: Object.keys(unwrap(type, body)) }
}

/** Reads `{"network": {…}}` of a POST. Throws the NetworkingError that Neutron would answer. */
export function parseCreate<A extends Attributes>(type: ResourceType<A>, body: unknown): Draft<A> {
  const given = unwrap(type, body)
  for (const name of Object.keys(given)) {
    if (type.attributes[name]?.create === 'refused') throw badRequest(`Attribute '${name}' not allowed in POST`)
  }
  refuseUnknown(type, given)
  const draft: Record<string, unknown> = {}
  for (const [name, attribute] of Object.entries(type.attributes)) {
    if (name in given) draft[name] = attribute.parse(given[name], name)
    else if (attribute.create === 'required')
      throw badRequest(`Failed to parse request. Required attribute '${name}' not specified`)
    else if (attribute.create === 'optional') draft[name] = attribute.initial
  }
  return draft as Draft<A>
}

/** Reads `{"port": {…}}` of a PUT. Throws the NetworkingError that Neutron would answer. */
export function parseUpdate<A extends Attributes>(type: ResourceType<A>, body: unknown): Change<A> {
  const given = unwrap(type, body)
  for (const name of Object.keys(given)) {
    if (type.attributes[name]?.update === 'refused') throw badRequest(`Cannot update read-only attribute ${name}`)
  }
  refuseUnknown(type, given)
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, type.attributes[name]!.parse(value, name)]),
  ) as Change<A>
}

function unwrap(type: ResourceType, body: unknown): Record<string, unknown> {
  if (body !== undefined && !isObject(body)) throw badRequest('Body contains invalid data')
  const given = body?.[type.singular]
  if (given === undefined) throw badRequest(`Unable to find '${type.singular}' in request body`)
  if (!isObject(given)) throw badRequest(`Object '${type.singular}' contains invalid data`)
  return given
}

function refuseUnknown(type: ResourceType, given: Record<string, unknown>): void {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(type.attributes, name))
  if (unknown.length > 0)
    throw badRequest(`Unrecognized attribute(s) '${unknown.map((name) => name.slice(0, 100)).join(', ')}'`)
}
