// What somebody may do: permits on things, which count for all that belongs to them.
import type { Rights } from '../session/session.ts'

/** A resource, or a part of one: its id, and those of what it belongs to. */
export interface Thing {
  readonly id?: string | undefined
  readonly cluster?: { readonly id?: string | undefined } | undefined
  readonly data_center?: { readonly id?: string | undefined } | undefined
}

/** Everything belongs to it; the same id in every engine. */
export const system = 'aaa00000-0000-0000-0000-123456789aaa'

/** On one of the objects, by their ids, or on the system. */
export const may = ({ everything, grants }: Rights, permit: string, objects: readonly string[]): boolean =>
  everything ||
  grants.some(({ object, permits }) => permits.includes(permit) && (object === system || objects.includes(object)))

export const mayAnywhere = ({ everything, grants }: Rights, permit: string): boolean =>
  everything || grants.some(({ permits }) => permits.includes(permit))

/** Of the things and of what they belong to. `clusters`: those of the things, which belong to data centers. */
export function objectsOf(things: readonly Thing[], clusters: readonly Thing[]): string[] {
  return things.flatMap(({ id, cluster, data_center }) => {
    const placed = clusters.find((each) => each.id === cluster?.id)
    return [id, cluster?.id, data_center?.id, cluster?.id && placed?.data_center?.id].flatMap((each) => each || [])
  })
}
