// Which rows have which value of an attribute.

export interface ValueIndex {
  add(value: string, id: string): void
  delete(value: string, id: string): void
  ids(value: string): Iterable<string>
  count(value: string): number
}

/** Most values are of one row only, which then needs no set. */
export function createValueIndex(): ValueIndex {
  const idsOf = new Map<string, string | Set<string>>()
  return {
    add(value, id) {
      const known = idsOf.get(value)
      if (known === undefined) idsOf.set(value, id)
      else if (typeof known === 'string') idsOf.set(value, new Set([known, id]))
      else known.add(id)
    },
    delete(value, id) {
      const known = idsOf.get(value)
      if (known === id) idsOf.delete(value)
      else if (typeof known === 'object' && known.delete(id) && known.size === 0) idsOf.delete(value)
    },
    ids(value) {
      const known = idsOf.get(value) ?? []
      return typeof known === 'string' ? [known] : known
    },
    count(value) {
      const known = idsOf.get(value)
      return typeof known === 'object' ? known.size : known === undefined ? 0 : 1
    },
  }
}
