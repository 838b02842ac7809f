// Values that hold for a time, and never more than so many: the oldest make room.

export interface BoundedCache<Value> {
  get(key: string): Value | undefined
  /** `until`: ms since 1970. */
  set(key: string, value: Value, until: number): void
  readonly size: number
}

export function createBoundedCache<Value>(maxSize: number, clock: () => number = Date.now): BoundedCache<Value> {
  const entries = new Map<string, { readonly value: Value; readonly until: number }>()
  return {
    get(key) {
      const entry = entries.get(key)
      if (!entry || entry.until > clock()) return entry?.value
      entries.delete(key)
      return undefined
    },
    set(key, value, until) {
      entries.delete(key)
      if (until <= clock()) return
      entries.set(key, { value, until })
      if (entries.size > maxSize) entries.delete(entries.keys().next().value!)
    },
    get size() {
      return entries.size
    },
  }
}
