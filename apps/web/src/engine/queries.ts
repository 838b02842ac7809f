// What pages read of the engine. The first part of each key is the kind of resource: a change of that kind makes all
// answers about it old (live/).
import type { ResourceType } from '@patchbay/ovirt-api/element.ts'
import { keepPreviousData, type Query, queryOptions } from '@tanstack/react-query'
import { request } from './request.ts'
import { readCollection, readResource } from './resource.ts'

/** Whether it shows a resource of these kinds: that of its key, or `kinds` of its meta where it is made of several. */
export function isAbout({ queryKey, meta }: Pick<Query, 'queryKey' | 'meta'>, kinds: ReadonlySet<string>): boolean {
  const own = (meta?.kinds as readonly string[] | undefined) ?? [String(queryKey[0])]
  return own.some((kind) => kinds.has(kind))
}

/** `query`: `search`, `max` and the like, already written as a query string. */
export function collection<Type extends ResourceType>(type: Type, path: string, query = '') {
  const url = query === '' ? path : `${path}?${query}`
  return queryOptions({
    queryKey: [type.singular, url],
    queryFn: async ({ signal }) => readCollection(type, await request('GET', url, undefined, signal)),
    placeholderData: keepPreviousData,
  })
}

export function single<Type extends ResourceType>(type: Type, path: string) {
  return queryOptions({
    queryKey: [type.singular, path],
    queryFn: async ({ signal }) => readResource(type, await request('GET', path, undefined, signal)),
  })
}
