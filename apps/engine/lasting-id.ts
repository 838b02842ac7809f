// Ids of what no row keeps.
import { createHash } from 'node:crypto'

/** The same for the same names, in the form of a UUID. */
export function lastingId(...names: readonly string[]): string {
  const digest = createHash('sha256').update(names.join('/')).digest('hex')
  return digest.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
