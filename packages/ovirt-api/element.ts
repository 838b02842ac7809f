// How a type of oVirt's API is described: once, as data. Wire formats and TypeScript types follow from it.

export interface TextElement {
  readonly kind: 'text'
}
export interface BoolElement {
  readonly kind: 'bool'
}
export interface IntElement {
  readonly kind: 'int'
}
export interface ChoiceElement<Value extends string = string> {
  readonly kind: 'choice'
  readonly values: readonly Value[]
}
/** A nested structure; a reference to another resource is one with `id` and `name`. */
export interface StructElement<Fields extends Elements = Elements> {
  readonly kind: 'struct'
  readonly fields: Fields
  /** Of references: path of the collection below the API's root. */
  readonly collection?: string
}
/** `<usages><usage>vm</usage></usages>`: a list wrapped in its own element. */
export interface ListElement<Item extends Element = Element> {
  readonly kind: 'list'
  /** Name of each item. */
  readonly item: string
  readonly of: Item
}

export type Element = TextElement | BoolElement | IntElement | ChoiceElement | StructElement | ListElement
export type Elements = { readonly [name: string]: Element }

export const text = { kind: 'text' } as const satisfies TextElement
export const bool = { kind: 'bool' } as const satisfies BoolElement
export const int = { kind: 'int' } as const satisfies IntElement
export const choice = <const Value extends string>(...values: Value[]): ChoiceElement<Value> => ({
  kind: 'choice',
  values,
})
export const struct = <const Fields extends Elements>(fields: Fields): StructElement<Fields> => ({
  kind: 'struct',
  fields,
})
export const list = <const Item extends Element>(item: string, of: Item): ListElement<Item> => ({
  kind: 'list',
  item,
  of,
})
/** Another resource, by id or name. */
export const reference = struct({ id: text, name: text })
/** One of a collection of the API, such as `vms`: answers say where it is. */
export const referenceTo = (collection: string): typeof reference => ({ ...reference, collection })

export type ValueOf<E extends Element> = E extends TextElement
  ? string
  : E extends BoolElement
    ? boolean
    : E extends IntElement
      ? number
      : E extends ChoiceElement<infer Value>
        ? Value
        : E extends StructElement<infer Fields>
          ? ValuesOf<Fields>
          : E extends ListElement<infer Item>
            ? readonly ValueOf<Item>[]
            : never
/** Everything may be absent: requests are partial, and answers leave out what is null. */
export type ValuesOf<Fields extends Elements> = { readonly [Name in keyof Fields]?: ValueOf<Fields[Name]> | undefined }

/** A type with an element of its own: `<network>` in `<networks>`. */
export interface ResourceType<Fields extends Elements = Elements> {
  readonly singular: string
  readonly plural: string
  readonly fields: Fields
}

export const resource = <const Fields extends Elements>(
  singular: string,
  plural: string,
  fields: Fields,
): ResourceType<Fields> => ({
  singular,
  plural,
  fields,
})

/** A value of the type, with what every resource has. */
export type ResourceOf<Type extends ResourceType> = ValuesOf<Type['fields']> & { readonly id?: string | undefined }
