// What pages read of the engine. The first part of each key is the kind of resource: a change of that kind makes all
// answers about it old (live/).
import type { ResourceType } from '@patchbay/ovirt-api/element.ts'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { request } from './request.ts'
import { readCollection, readResource } from './resource.ts'

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
