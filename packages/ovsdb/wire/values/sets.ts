// Sets are sorted, frozen arrays: half the memory of a Set, equal sets look equal, and a change costs a copy and a search.
import type { Atom, AtomType } from '../../schema/column-type.ts'
import { compareAtoms, decodeAtom, encodeAtom } from './atoms.ts'

export type SetValue = readonly Atom[]

export const emptySet: SetValue = Object.freeze([])

/** From ["set", […]], or from the only element (RFC 7047 section 5.1, <set>). */
export function decodeSet(type: AtomType, wire: unknown): SetValue {
  const elements = elementsOf(wire)
  if (elements.length === 0) return emptySet
  const values = type === 'uuid' ? elements.map((element) => decodeAtom(type, element)) : (elements as Atom[])
  return Object.freeze(sorted(values))
}

/** The elements as they are on the wire. A set of uuids and a single uuid begin with different words. */
export function elementsOf(wire: unknown): readonly unknown[] {
  return Array.isArray(wire) && wire[0] === 'set' ? (wire[1] as unknown[]) : [wire]
}

/** Also of a single element. Throws a TypeError. */
export function encodeSet(type: AtomType, value: unknown): unknown {
  const elements = Array.isArray(value) ? value : [value]
  return ['set', elements.map((element) => encodeAtom(type, element))]
}

/** The elements that are in exactly one of both: how update2 tells a change (ovsdb-server(7), 4.1.14). */
export function symmetricDifference(before: SetValue, difference: SetValue): SetValue {
  const merged = difference.length * 16 < before.length ? toggleEach(before, difference) : merge(before, difference)
  return merged.length === 0 ? emptySet : Object.freeze(merged)
}

export function equalSets(a: SetValue, b: SetValue): boolean {
  return a === b || (a.length === b.length && a.every((element, index) => element === b[index]))
}

/** Few changes of a large set, such as the ports of a port group. */
function toggleEach(before: SetValue, difference: SetValue): Atom[] {
  // V8's slice() of a frozen array is fifty times slower.
  const result = [...before]
  for (const element of difference) {
    const at = lowerBound(result, element)
    if (result[at] === element) result.splice(at, 1)
    else result.splice(at, 0, element)
  }
  return result
}

function merge(before: SetValue, difference: SetValue): Atom[] {
  const result: Atom[] = []
  let a = 0
  let b = 0
  while (a < before.length && b < difference.length) {
    const order = compareAtoms(before[a]!, difference[b]!)
    if (order < 0) result.push(before[a++]!)
    else if (order > 0) result.push(difference[b++]!)
    else {
      a++
      b++
    }
  }
  while (a < before.length) result.push(before[a++]!)
  while (b < difference.length) result.push(difference[b++]!)
  return result
}

/** Of the first element that is not below `element`. */
function lowerBound(values: SetValue, element: Atom): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareAtoms(values[middle]!, element) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** ovsdb-server sends sets in order, but for the strings where UTF-8 and UTF-16 disagree. */
function sorted(values: Atom[]): Atom[] {
  for (let index = 1; index < values.length; index++) {
    if (compareAtoms(values[index - 1]!, values[index]!) > 0) return values.sort(compareAtoms)
  }
  return values
}
