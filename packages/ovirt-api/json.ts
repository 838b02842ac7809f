// oVirt's JSON: every scalar is a text, lists are wrapped as in XML, links stand beside the elements, null is left out.
import { apiPath } from './api-path.ts'
import type { Element, Elements, ResourceOf, ResourceType, StructElement, ValuesOf } from './element.ts'
import { InvalidElement } from './invalid-element.ts'

export interface Shown {
  /** Path of the resource. */
  readonly href: string
  /** rel → path. */
  readonly links?: Readonly<Record<string, string>>
  /** Actions of the resource: rel → path. */
  readonly actions?: Readonly<Record<string, string>>
}

/** One resource, as the body of an answer or an item of a collection. */
export function toJson<Type extends ResourceType>(
  type: Type,
  value: ResourceOf<Type>,
  { href, links = {}, actions = {} }: Shown,
): object {
  return {
    ...writeFields(type.fields, value as Record<string, unknown>),
    ...(Object.keys(links).length > 0 && { link: toLinks(links) }),
    ...(Object.keys(actions).length > 0 && { actions: { link: toLinks(actions) } }),
    href,
    id: value.id,
  }
}

export function toJsonCollection(type: ResourceType, items: readonly object[]): object {
  // oVirt leaves the key out of an empty collection; clients read that as no items.
  return items.length > 0 ? { [type.singular]: items } : {}
}

/** Reads a request's body. Unknown elements are ignored, as oVirt does; a wrong value throws an InvalidElement. */
export function fromJson<Type extends ResourceType>(type: Type, body: unknown): ResourceOf<Type> {
  return readFields(type.fields, body, type.singular) as ResourceOf<Type>
}

/** Reads elements without a resource around them, such as the parameters of an action. */
export function readElements<Fields extends Elements>(fields: Fields, body: unknown, where: string): ValuesOf<Fields> {
  return readFields(fields, body, where) as ValuesOf<Fields>
}

/** Writes elements without a resource around them, such as what an action answers. */
export function writeElements<Fields extends Elements>(fields: Fields, values: ValuesOf<Fields>): object {
  return writeFields(fields, values as Record<string, unknown>)
}

const toLinks = (links: Readonly<Record<string, string>>) => Object.entries(links).map(([rel, href]) => ({ rel, href }))

function writeFields(fields: Elements, values: Record<string, unknown>): Record<string, unknown> {
  const written: Record<string, unknown> = {}
  for (const [name, element] of Object.entries(fields)) {
    const value = values[name]
    if (value !== undefined && value !== null) written[name] = write(element, value)
  }
  return written
}

const hrefOf = ({ collection }: StructElement, { id }: { readonly id?: string }) =>
  collection !== undefined && id !== undefined && { href: `${apiPath}/${collection}/${encodeURIComponent(id)}` }

function write(element: Element, value: unknown): unknown {
  switch (element.kind) {
    case 'struct':
      return {
        ...writeFields(element.fields, value as Record<string, unknown>),
        ...hrefOf(element, value as { id?: string }),
      }
    case 'list':
      return { [element.item]: (value as unknown[]).map((item) => write(element.of, item)) }
    default:
      return String(value)
  }
}

function readFields(fields: Elements, body: unknown, where: string): Record<string, unknown> {
  // An empty element of XML.
  if (body === '') return {}
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new InvalidElement(where, 'an object')
  const given = body as Record<string, unknown>
  const values: Record<string, unknown> = {}
  if (typeof given.id === 'string') values.id = given.id
  for (const [name, element] of Object.entries(fields)) {
    if (Object.hasOwn(given, name) && given[name] !== null)
      values[name] = read(element, given[name], `${where}.${name}`)
  }
  return values
}

function read(element: Element, value: unknown, where: string): unknown {
  switch (element.kind) {
    case 'text':
      return readScalar(value, where, 'a text')
    case 'bool':
      return readBool(value, where)
    case 'int':
      return readInt(value, where)
    case 'choice':
      return readChoice(element.values, value, where)
    case 'struct':
      return readFields(element.fields, value, where)
    case 'list':
      return readList(element.item, element.of, value, where)
  }
}

/** The text of a scalar, which oVirt's clients send as a text and others as JSON has it. */
function readScalar(value: unknown, where: string, expected: string): string {
  if (['string', 'number', 'boolean'].includes(typeof value)) return String(value)
  throw new InvalidElement(where, expected)
}

function readBool(value: unknown, where: string): boolean {
  const expected = 'true or false'
  const text = readScalar(value, where, expected).toLowerCase()
  if (text === 'true' || text === '1') return true
  if (text === 'false' || text === '0') return false
  throw new InvalidElement(where, expected)
}

function readInt(value: unknown, where: string): number {
  const expected = 'a whole number'
  const text = readScalar(value, where, expected)
  if (/^-?\d{1,15}$/.test(text)) return Number(text)
  throw new InvalidElement(where, expected)
}

function readChoice(values: readonly string[], value: unknown, where: string): string {
  const expected = `one of ${values.join(', ')}`
  const text = readScalar(value, where, expected).toLowerCase()
  if (values.includes(text)) return text
  throw new InvalidElement(where, expected)
}

/** `{"property": [...]}`, or the bare list that lenient clients send. */
function readList(item: string, of: Element, value: unknown, where: string): unknown[] {
  const isWrapped = typeof value === 'object' && value !== null && !Array.isArray(value)
  const given = isWrapped ? (value as Record<string, unknown>)[item] : value
  const items = Array.isArray(given) ? given : given == null || given === '' ? [] : [given]
  return items.map((each) => read(of, each, `${where}.${item}`))
}
