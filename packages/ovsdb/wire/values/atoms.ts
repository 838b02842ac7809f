// Single values between the wire and JavaScript (RFC 7047 section 5.1, <atom>).
import type { Atom, AtomType } from '../../schema/column-type.ts'

/** What an unset scalar column holds (RFC 7047 section 5.2.1). */
export const defaultAtoms: Readonly<Record<AtomType, Atom>> = {
  integer: 0,
  real: 0,
  boolean: false,
  string: '',
  uuid: '00000000-0000-0000-0000-000000000000',
}

/** From ["uuid", "…"] to the string alone; others are JSON already. Integers beyond 2^53 lose precision in JSON.parse. */
export function decodeAtom(type: AtomType, wire: unknown): Atom {
  if (type === 'uuid') return (wire as [string, string])[1]
  return wire as Atom
}

/**
 * A uuid may be written as the name that an insert of the same transaction gives its row: names cannot be mistaken for
 * uuids. Throws a TypeError for what the type cannot hold; bounds and enums are the server's to check.
 */
export function encodeAtom(type: AtomType, value: unknown): unknown {
  if (type === 'uuid' && typeof value === 'string') {
    if (uuidPattern.test(value)) return ['uuid', value]
    if (namePattern.test(value)) return ['named-uuid', value]
  } else if (type === 'string' && typeof value === 'string') return value
  else if (type === 'boolean' && typeof value === 'boolean') return value
  else if (type === 'real' && Number.isFinite(value)) return value
  else if (type === 'integer' && Number.isSafeInteger(value)) return value
  throw new TypeError(`${describe(value)} is no ${type}.`)
}

/** Keys of records are strings in JavaScript, whatever they are in OVSDB. */
export function encodeKey(type: AtomType, key: string): unknown {
  if (type === 'integer' || type === 'real') return encodeAtom(type, key === '' ? Number.NaN : Number(key))
  if (type === 'boolean' && (key === 'true' || key === 'false')) return key === 'true'
  return encodeAtom(type, key)
}

/** The order in which sets and maps are kept: by number, by code unit, false before true. */
export function compareAtoms(a: Atom, b: Atom): number {
  return a < b ? -1 : a > b ? 1 : 0
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
/** RFC 7047 section 3.1, <id>. */
const namePattern = /^[A-Za-z_][A-Za-z0-9_]*$/

function describe(value: unknown): string {
  return value === undefined ? 'undefined' : (JSON.stringify(value) ?? typeof value)
}
