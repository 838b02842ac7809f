// Column values between the wire and JavaScript, driven by the schema (RFC 7047 section 5.1, <value>).
//
// | column            | JavaScript                           | on the wire            |
// | exactly one       | string, number, boolean; uuid string | "a", 1, ["uuid", "…"]  |
// | at most one       | the same, or null                    | "a", ["set", []]       |
// | any number        | sorted frozen array                  | "a", ["set", ["a", …]] |
// | map               | frozen record                        | ["map", [["k", "v"]]]  |
import type { Atom, ColumnType } from '../../schema/column-type.ts'
import { decodeAtom, defaultAtoms, encodeAtom } from './atoms.ts'
import { applyMapDifference, decodeMap, emptyMap, encodeMap, equalMaps, type MapValue } from './maps.ts'
import { decodeSet, elementsOf, emptySet, encodeSet, equalSets, type SetValue, symmetricDifference } from './sets.ts'

export type OvsdbValue = Atom | null | SetValue | MapValue

export interface ValueCodec {
  /** Of a column that was not set. */
  readonly default: OvsdbValue
  /** Trusts the server to keep to its schema. */
  decode(wire: unknown): OvsdbValue
  /** Throws a TypeError for what the column cannot hold. */
  encode(value: unknown): unknown
  /** The value after a change that update2 or update3 tells. */
  change(before: OvsdbValue, wire: unknown): OvsdbValue
  equal(a: OvsdbValue, b: OvsdbValue): boolean
}

/** One codec for each type object, so that rows of one table share theirs. */
export function codecOf(type: ColumnType): ValueCodec {
  let codec = codecs.get(type)
  if (!codec) {
    codec = makeCodec[type.kind](type)
    codecs.set(type, codec)
  }
  return codec
}

const codecs = new WeakMap<ColumnType, ValueCodec>()

const makeCodec: Record<ColumnType['kind'], (type: ColumnType) => ValueCodec> = {
  scalar: ({ key: { type } }) => ({
    default: defaultAtoms[type],
    decode: type === 'uuid' ? (wire) => decodeAtom(type, wire) : asIs,
    encode: (value) => encodeAtom(type, value),
    change: (_, wire) => decodeAtom(type, wire),
    equal: Object.is,
  }),

  optional({ key: { type } }) {
    const decode = (wire: unknown) => {
      const [element] = elementsOf(wire)
      return element === undefined ? null : decodeAtom(type, element)
    }
    return {
      default: null,
      decode,
      encode: (value) => (value === null ? emptySetOnWire : encodeAtom(type, value)),
      change: (_, wire) => decode(wire),
      equal: Object.is,
    }
  },

  set: ({ key: { type } }) => ({
    default: emptySet,
    decode: (wire) => decodeSet(type, wire),
    encode: (value) => encodeSet(type, value),
    change: (before, wire) => symmetricDifference(before as SetValue, decodeSet(type, wire)),
    equal: (a, b) => equalSets(a as SetValue, b as SetValue),
  }),

  map({ key, value, max }) {
    const decode = (wire: unknown) => decodeMap(key, value!, wire)
    return {
      default: emptyMap,
      decode,
      encode: (map) => encodeMap(key, value!, map),
      // Like ovsdb-server, which tells the new value where at most one is allowed.
      change: (before, wire) => (max === 1 ? decode(wire) : applyMapDifference(before as MapValue, decode(wire))),
      equal: (a, b) => equalMaps(a as MapValue, b as MapValue),
    }
  },
}

const emptySetOnWire = ['set', []]

function asIs(wire: unknown): OvsdbValue {
  return wire as Atom
}
