import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Atom, type AtomType, atomTypes, parseColumnType } from '../../schema/column-type.ts'
import { SeededRandom } from '../../testing/random.ts'
import { compareAtoms } from './atoms.ts'
import { codecOf, type OvsdbValue } from './values.ts'

const random = new SeededRandom(47)
const uuid = () => '00000000-0000-4000-8000-0000000000xx'.replaceAll('x', () => random.below(16).toString(16))

const randomAtom: Record<AtomType, () => Atom> = {
  integer: () => random.below(40) - 20,
  real: () => random.below(40) / 4 - 5,
  boolean: () => random.next() < 0.5,
  string: () => random.pick(['', 'a', 'b', 'é', '😀', '\ufffd', '__proto__', 'constructor', '12', 'A b']),
  uuid,
}

const distinct = (type: AtomType, count: number): Atom[] => [
  ...new Set(Array.from({ length: random.below(count) }, randomAtom[type])),
]

test('scalars and optional values are the same after there and back', () => {
  for (const type of atomTypes) {
    const scalar = codecOf(parseColumnType(type))
    const optional = codecOf(parseColumnType({ key: type, min: 0, max: 1 }))
    for (let round = 0; round < 50; round++) {
      const value = randomAtom[type]()
      assert.equal(scalar.decode(viaWire(scalar.encode(value))), value)
      assert.equal(optional.decode(viaWire(optional.encode(value))), value)
    }
    assert.equal(optional.decode(viaWire(optional.encode(null))), null)
  }
})

test('sets are the same after there and back, and in order', () => {
  for (const type of atomTypes) {
    const codec = codecOf(parseColumnType({ key: type, min: 0, max: 'unlimited' }))
    for (let round = 0; round < 50; round++) {
      const value = distinct(type, 12)
      const decoded = codec.decode(viaWire(codec.encode(value)))
      assert.deepEqual(decoded, [...value].sort(compareAtoms))
      assert.ok(codec.equal(decoded, codec.decode(viaWire(codec.encode(value.reverse())))))
    }
  }
})

test('maps are the same after there and back, whatever their keys are called', () => {
  for (const key of atomTypes) {
    for (const value of atomTypes) {
      const codec = codecOf(parseColumnType({ key, value, min: 0, max: 'unlimited' }))
      for (let round = 0; round < 20; round++) {
        const pairs = distinct(key, 12).map((name) => [String(name), randomAtom[value]()] as const)
        const decoded = codec.decode(viaWire(codec.encode(Object.fromEntries(pairs))))
        assert.deepEqual(new Map(Object.entries(decoded as object)), new Map(pairs))
      }
    }
  }
})

test('a set with one element may come without its brackets, and a uuid is not taken for a set', () => {
  const strings = codecOf(parseColumnType({ key: 'string', min: 0, max: 'unlimited' }))
  assert.deepEqual(strings.decode('a'), ['a'])
  const uuids = codecOf(parseColumnType({ key: 'uuid', min: 0, max: 'unlimited' }))
  const id = uuid()
  assert.deepEqual(uuids.decode(['uuid', id]), [id])
  assert.deepEqual(codecOf(parseColumnType({ key: 'uuid', min: 0, max: 1 })).decode(['uuid', id]), id)
})

test('the difference of two sets leads from each to the other', () => {
  for (const type of ['integer', 'string', 'uuid'] as const) {
    const codec = codecOf(parseColumnType({ key: type, min: 0, max: 'unlimited' }))
    for (let round = 0; round < 200; round++) {
      // Small differences of large sets take another way than large ones.
      const before = new Set(distinct(type, random.pick([3, 20, 100])))
      const toggled = distinct(type, random.pick([2, 10]))
      const after = new Set(before)
      for (const element of toggled) if (!after.delete(element)) after.add(element)
      const changed = codec.change(sorted(before), codec.encode(toggled))
      assert.deepEqual(changed, sorted(after))
      assert.deepEqual(codec.change(changed, codec.encode(toggled)), sorted(before))
    }
  }
})

test('the difference of two maps leads from one to the other', () => {
  const codec = codecOf(parseColumnType({ key: 'string', value: 'integer', min: 0, max: 'unlimited' }))
  const map = () => new Map(distinct('string', 8).map((key) => [key as string, random.below(3)]))
  for (let round = 0; round < 300; round++) {
    const [before, after] = [map(), map()]
    const difference = [...new Set([...before.keys(), ...after.keys()])]
      .filter((key) => before.get(key) !== after.get(key))
      .map((key) => [key, after.get(key) ?? before.get(key)])
    const changed = codec.change(codec.decode(['map', [...before]]), ['map', difference])
    assert.deepEqual(new Map(Object.entries(changed as object)), after)
    assert.deepEqual(Object.keys(changed as object), Object.keys(codec.decode(['map', mapPairs(after)]) as object))
  }
})

test('columns of at most one value are told anew, not as a difference', () => {
  const optional = codecOf(parseColumnType({ key: 'integer', min: 0, max: 1 }))
  assert.equal(optional.change(5, 6), 6)
  assert.equal(optional.change(5, ['set', []]), null)
  const pair = codecOf(parseColumnType({ key: 'string', value: 'string', min: 0, max: 1 }))
  assert.deepEqual(
    { ...(pair.change(pair.decode(['map', [['a', '1']]]), ['map', [['a', '1']]]) as object) },
    { a: '1' },
  )
})

test('values cannot be changed, and maps have only the keys of the data', () => {
  const map = codecOf(parseColumnType({ key: 'string', value: 'string', min: 0, max: 'unlimited' }))
  const value = map.decode(['map', [['a', '1']]]) as Record<string, string>
  assert.throws(() => {
    value.b = '2'
  }, TypeError)
  assert.equal(value.constructor, undefined)
  assert.equal((map.default as Record<string, string>).toString, undefined)
  const set = codecOf(parseColumnType({ key: 'string', min: 0, max: 'unlimited' }))
  assert.throws(() => (set.decode(['set', ['a']]) as string[]).push('b'), TypeError)
})

test('a uuid may be written as the name of a new row', () => {
  const codec = codecOf(parseColumnType({ key: 'uuid', min: 0, max: 'unlimited' }))
  const id = uuid()
  assert.deepEqual(codec.encode([id, 'port_1']), [
    'set',
    [
      ['uuid', id],
      ['named-uuid', 'port_1'],
    ],
  ])
})

test('what a column cannot hold is refused', () => {
  const refused: [unknown, ...unknown[]][] = [
    ['integer', 1.5, '1', 2 ** 53, null, undefined, true],
    ['real', Number.NaN, Number.POSITIVE_INFINITY, '1'],
    ['boolean', 0, 'true'],
    ['string', 5, null, ['a']],
    ['uuid', 'not a uuid', 5, '1x'],
    [{ key: 'string', min: 0, max: 1 }, undefined, 5],
    [{ key: 'string', min: 0, max: 'unlimited' }, null, [5]],
    [{ key: 'string', value: 'string', min: 0, max: 'unlimited' }, null, 'a', ['a'], { a: 1 }],
    [{ key: 'integer', value: 'string', min: 0, max: 'unlimited' }, { a: 'x' }, { '': 'x' }, { '1.5': 'x' }],
  ]
  for (const [type, ...values] of refused)
    for (const value of values)
      assert.throws(() => codecOf(parseColumnType(type)).encode(value), TypeError, `${JSON.stringify(type)} ${value}`)
})

function viaWire(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

function sorted(values: Iterable<Atom>): OvsdbValue {
  return [...values].sort(compareAtoms)
}

function mapPairs(map: Map<string, number>): [string, number][] {
  return [...map].sort(([a], [b]) => compareAtoms(a, b))
}
