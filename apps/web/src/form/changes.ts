// An edit sends only what was changed in its form: what another administrator changes meanwhile stays.

/** Those attributes of `after` that differ from `before`, both made from plain JSON. */
export function changesOf<Resource extends object>(before: Resource, after: Resource): Partial<Resource> {
  const old = before as Record<string, unknown>
  const isChanged = ([name, value]: [string, unknown]) => JSON.stringify(value) !== JSON.stringify(old[name])
  return Object.fromEntries(Object.entries(after).filter(isChanged)) as Partial<Resource>
}
