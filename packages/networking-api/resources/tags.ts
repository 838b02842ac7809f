// Tags: short texts that users put on networks, subnets, ports and others, to find them again.
import { invalidInput } from '../errors.ts'
import { isObject, type Kind, listOf, show, text } from './kinds.ts'

const maxLength = 255
const maxPerResource = 1000

/** The `tags` attribute. It is read-only in the resource; tags have requests of their own. */
export const tags: Kind<string[]> = listOf(text(maxLength), { maxItems: maxPerResource })

/** Reads `{"tags": ["red", "blue"]}`. Throws the NetworkingError that Neutron would answer. */
export function parseTags(body: unknown): string[] {
  if (!isObject(body) || !('tags' in body)) throw invalidInput('Invalid tags body')
  const given = body.tags
  if (!Array.isArray(given)) throw invalidInput(`'${show(given)}' is not a list`)
  for (const tag of given) checkTag(tag)
  if (new Set(given).size < given.length) throw invalidInput(`Duplicate items in the list: '${show(given.join(', '))}'`)
  checkCount(given)
  return given
}

/** Throws for what is no tag. */
export function checkTag(tag: unknown): void {
  if (typeof tag !== 'string') throw invalidInput(`'${show(tag)}' is not a valid string`)
  if ([...tag].length > maxLength) throw invalidInput(`'${show(tag)}' exceeds maximum length of ${maxLength}`)
}

/** Throws when a resource would have too many. */
export function checkCount(tags: readonly string[]): void {
  if (tags.length > maxPerResource) throw invalidInput(`A resource has at most ${maxPerResource} tags`)
}

/** What a list request asks of the tags: all or some of these, or the contrary. */
export interface TagFilter {
  readonly tags: readonly string[]
  readonly some: boolean
  readonly negated: boolean
}

const tagFilters: Readonly<Record<string, Omit<TagFilter, 'tags'>>> = {
  tags: { some: false, negated: false },
  'tags-any': { some: true, negated: false },
  'not-tags': { some: false, negated: true },
  'not-tags-any': { some: true, negated: true },
}

export const tagFilterNames: readonly string[] = Object.keys(tagFilters)

/** `tags=red,blue`, `not-tags-any=red` … as a filter; without a tag, none. Undefined for another key. */
export function parseTagFilter(key: string, value: string): TagFilter[] | undefined {
  if (!Object.hasOwn(tagFilters, key)) return undefined
  const tags = value.split(',').filter((tag) => tag !== '')
  return tags.length === 0 ? [] : [{ tags, ...tagFilters[key]! }]
}

export function passes(tags: readonly string[], { tags: wanted, some, negated }: TagFilter): boolean {
  const has = (tag: string) => tags.includes(tag)
  return (some ? wanted.some(has) : wanted.every(has)) !== negated
}
