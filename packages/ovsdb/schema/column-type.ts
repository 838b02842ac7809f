// What a column of an OVSDB schema may hold (RFC 7047 section 3.2, <type> and <base-type>).

export const atomTypes = ['integer', 'real', 'boolean', 'string', 'uuid'] as const
export type AtomType = (typeof atomTypes)[number]
export type Atom = number | boolean | string

export interface BaseType {
  readonly type: AtomType
  /** The only values allowed, if they are listed. */
  readonly enum?: readonly Atom[]
  /** The table whose rows a uuid refers to. */
  readonly refTable?: string
  readonly refType?: 'strong' | 'weak'
}

/**
 * How a column's value appears in JavaScript: `scalar` an atom, `optional` an atom or null, `set` a sorted array, `map` a
 * record.
 */
export type ColumnKind = 'scalar' | 'optional' | 'set' | 'map'

export interface ColumnType {
  readonly kind: ColumnKind
  readonly key: BaseType
  /** Of maps only. */
  readonly value?: BaseType
  readonly min: number
  /** Infinity for "unlimited". */
  readonly max: number
}

/** Throws a TypeError for what is no <type>. */
export function parseColumnType(json: unknown): ColumnType {
  if (typeof json === 'string') return columnType(parseBaseType(json), undefined, 1, 1)
  if (!isObject(json)) throw new TypeError(`not a column type: ${JSON.stringify(json)}`)
  const value = json.value === undefined ? undefined : parseBaseType(json.value)
  return columnType(parseBaseType(json.key), value, parseBound(json.min), parseBound(json.max))
}

function columnType(key: BaseType, value: BaseType | undefined, min: number, max: number): ColumnType {
  if (value) return { kind: 'map', key, value, min, max }
  if (max !== 1) return { kind: 'set', key, min, max }
  return { kind: min === 0 ? 'optional' : 'scalar', key, min, max }
}

function parseBaseType(json: unknown): BaseType {
  if (typeof json === 'string') return { type: atomType(json) }
  if (!isObject(json)) throw new TypeError(`not a base type: ${JSON.stringify(json)}`)
  const { enum: allowed, refTable, refType } = json
  return {
    type: atomType(json.type),
    ...(allowed === undefined ? {} : { enum: parseEnum(allowed) }),
    ...(typeof refTable === 'string' ? { refTable, refType: refType === 'weak' ? 'weak' : 'strong' } : {}),
  }
}

/** An <ovsdb-set> or a single atom; uuids have no enums worth the name. */
function parseEnum(json: unknown): readonly Atom[] {
  return Array.isArray(json) && json[0] === 'set' ? (json[1] as Atom[]) : [json as Atom]
}

function parseBound(json: unknown): number {
  if (json === undefined) return 1
  if (json === 'unlimited') return Infinity
  if (typeof json === 'number') return json
  throw new TypeError(`not a number of elements: ${JSON.stringify(json)}`)
}

function atomType(json: unknown): AtomType {
  const type = atomTypes.find((name) => name === json)
  if (!type) throw new TypeError(`not an atomic type: ${JSON.stringify(json)}`)
  return type
}

function isObject(json: unknown): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null
}
