// The order in which rows were made: the database keeps none, and two rows of one second look equally old.

export const ageKey = 'patchbay_age'

let latest = 0

/** Microseconds since 1970, no number twice: texts that sort as the rows were made. */
export function nextAge(): string {
  latest = Math.max(latest + 1, Math.round((performance.timeOrigin + performance.now()) * 1000))
  return String(latest)
}

/** Rows that somebody else made come first. */
export const ageOf = (externalIds: Readonly<Record<string, string>>) => externalIds[ageKey] ?? ''
