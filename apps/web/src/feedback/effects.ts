// What goes with a thing that is removed, and what keeps it from going: asked of the engine when somebody is about to.
import type { ResourceType } from '@patchbay/ovirt-api/element.ts'
import { queryOptions } from '@tanstack/react-query'
import { request } from '../engine/request.ts'
import { readCollection, type Shown } from '../engine/resource.ts'
import { text } from '../text/effects.ts'

export interface Effect {
  /** Of so many: `2 vNIC profiles go with it`. */
  readonly says: (count: number) => string
  readonly names: readonly string[]
  /** While there is one of these, the engine refuses. */
  readonly isObstacle?: boolean
}

/** `of`: what is removed, and how. Asked anew for each dialog. */
export const effectsOf = (of: string, ask: () => Promise<readonly Effect[]>) =>
  queryOptions({ queryKey: ['effects', of], queryFn: ask, staleTime: 0, gcTime: 0 })

export type Effects = ReturnType<typeof effectsOf>

export const noEffects: Effects = effectsOf('', async () => [])

/** All items of a collection; `query` as a query string. */
export async function itemsOf<Type extends ResourceType>(
  type: Type,
  path: string,
  query = '',
): Promise<readonly Shown<Type>[]> {
  return readCollection(type, await request('GET', query === '' ? path : `${path}?${query}`))
}

export const namesOf = (items: readonly { readonly id: string; readonly name?: string | undefined }[]): string[] =>
  items.map(({ name, id }) => name || id)

export const sentenceOf = ({ says, names }: Effect): string => {
  const more = names.length - mostNamed
  return `${says(names.length)}: ${names.slice(0, mostNamed).join(', ')}${more > 0 ? text.andMore(more) : ''}`
}

const mostNamed = 8

/** Undefined: nothing keeps it, as far as is known. */
export function obstacleIn(effects: readonly Effect[] = []): string | undefined {
  const obstacle = effects.find(({ isObstacle, names }) => isObstacle && names.length > 0)
  return obstacle && sentenceOf(obstacle)
}
