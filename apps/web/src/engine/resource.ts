// Resources as the engine's API shows them, read by the same descriptions that the engine writes them with.
import type { ResourceOf, ResourceType } from '@patchbay/ovirt-api/element.ts'
import { fromJson, writeElements } from '@patchbay/ovirt-api/json.ts'

/** A resource of the engine: its elements, and what every answer has. */
export type Shown<Type extends ResourceType> = ResourceOf<Type> & { readonly id: string; readonly href: string }

export function readResource<Type extends ResourceType>(type: Type, body: unknown): Shown<Type> {
  const { id = '', href = '' } = body as { id?: string; href?: string }
  return { ...fromJson(type, body), id, href }
}

/** The key is missing from an empty collection. */
export function readCollection<Type extends ResourceType>(type: Type, body: unknown): Shown<Type>[] {
  const items = (body as Record<string, unknown[] | undefined>)[type.singular] ?? []
  return items.map((item) => readResource(type, item))
}

export function writeResource<Type extends ResourceType>(type: Type, value: ResourceOf<Type>): object {
  const { id } = value
  return { ...writeElements(type.fields, value), ...(id !== undefined && { id }) }
}
