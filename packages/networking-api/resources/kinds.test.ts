// The kinds of values: what each takes from a request, and how Neutron words its refusals.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NetworkingError, type NetworkingErrorType } from '../errors.ts'
import {
  bool,
  cidr,
  flatMap,
  integer,
  ipAddress,
  type Kind,
  listOf,
  mac,
  nullable,
  oneOf,
  shape,
  text,
  uuid,
} from './kinds.ts'

const takes = (kind: Kind<unknown>, cases: readonly (readonly [input: unknown, value: unknown])[]) => {
  for (const [input, value] of cases) assert.deepEqual(kind.parse(input, 'thing'), value, JSON.stringify(input))
}

function refusalOf(kind: Kind<unknown>, input: unknown): NetworkingError {
  try {
    const value = kind.parse(input, 'thing')
    return assert.fail(`${JSON.stringify(input)} was taken as ${JSON.stringify(value)}`)
  } catch (error) {
    assert.ok(error instanceof NetworkingError, `${JSON.stringify(input)}: ${error}`)
    assert.equal(error.status, 400)
    return error
  }
}

const refuses = (
  kind: Kind<unknown>,
  type: NetworkingErrorType,
  cases: readonly (readonly [input: unknown, message: string])[],
) => {
  for (const [input, message] of cases) {
    const { type: found, message: said } = refusalOf(kind, input)
    assert.deepEqual([found, said], [type, message], JSON.stringify(input))
  }
}

const badInput = (reason: string) => `Invalid input for thing. Reason: ${reason}.`
const badOperation = (reason: string) => `Invalid input for operation: ${reason}.`

test('a text is a string of at most so many characters, in any script', () => {
  takes(text(5), [
    ['', ''],
    ['abcde', 'abcde'],
    ['žluť✓', 'žluť✓'],
    ['😀😀😀😀😀', '😀😀😀😀😀'],
  ])
  refuses(text(5), 'HTTPBadRequest', [
    [123, badInput("'123' is not a valid string")],
    [null, badInput("'None' is not a valid string")],
    ['a\0b', badInput("'a\0b' is not a valid string")],
    ['half \ud800', badInput("'half \ufffd' is not a valid string")],
    ['abcdef', badInput("'abcdef' exceeds maximum length of 5")],
  ])
})

test('a refusal does not send a huge value back whole', () => {
  const huge = 'y'.repeat(200_000)
  for (const kind of [text(), uuid, mac, ipAddress, cidr, bool, integer({ min: 0, max: 9 }), oneOf(['a'])])
    assert.ok(refusalOf(kind, huge).message.length < 600)
  assert.ok(refusalOf(text(), Array(1000).fill('yyyy')).message.length < 600)
  const deep = JSON.parse('['.repeat(10_000) + ']'.repeat(10_000))
  assert.throws(() => text().parse(deep, 'thing'), {
    message: badInput("'a deeply nested value' is not a valid string"),
  })
})

test('a UUID may come with or without dashes', () => {
  for (const id of ['7d2f0f0a-4c4c-4a39-b3a6-9a5a1a7b9f10', '7d2f0f0a4c4c4a39b3a69a5a1a7b9f10']) takes(uuid, [[id, id]])
  for (const input of [
    '',
    'abc',
    5,
    null,
    '7d2f0f0a-4c4c-4a39-b3a6-9a5a1a7b9f1',
    '7d2f0f0a-4c4c-4a39-b3a6-9a5a1a7b9f10 ',
  ])
    assert.match(refusalOf(uuid, input).message, /^Invalid input for thing\. Reason: '.*' is not a valid UUID\.$/)
})

test('a boolean may come as a string or as 0 and 1', () => {
  for (const input of [true, 1, 'true', 'True', 'TRUE', '1']) takes(bool, [[input, true]])
  for (const input of [false, 0, 'false', 'False', 'FALSE', '0']) takes(bool, [[input, false]])
  refuses(bool, 'InvalidInput', [
    ['maybe', badOperation("'maybe' cannot be converted to boolean")],
    ['x', badOperation("'x' cannot be converted to boolean")],
    [null, badOperation("'None' cannot be converted to boolean")],
    [2, badOperation("'2' cannot be converted to boolean")],
  ])
})

test('a whole number may come as a string, as the OpenStack command sends it', () => {
  takes(integer({ min: -5, max: 2000 }), [
    [1400, 1400],
    ['1400', 1400],
    ['-5', -5],
    [0, 0],
  ])
  refuses(integer({ min: 0, max: 2000 }), 'InvalidInput', [
    ['abc', badOperation("'abc' is not an integer")],
    ['', badOperation("'' is not an integer")],
    ['1e3', badOperation("'1e3' is not an integer")],
    [1.5, badOperation("'1.5' is not an integer")],
    [null, badOperation("'None' is not an integer")],
    [[1], badOperation("'[1]' is not an integer")],
    ['99999999999999999999', badOperation("'99999999999999999999' is not an integer")],
  ])
  for (const input of [-1, 2001, '2001'])
    assert.equal(refusalOf(integer({ min: 0, max: 2000 }), input).type, 'HTTPBadRequest')
})

test('one of some values is that value, numbers also as strings', () => {
  takes(oneOf([4, 6]), [
    [4, 4],
    ['6', 6],
  ])
  takes(oneOf(['normal']), [['normal', 'normal']])
  assert.match(refusalOf(oneOf([4, 6]), 5).message, /^Invalid input for thing\. Reason: 5 is not in /)
  assert.match(refusalOf(oneOf(['normal']), 'NORMAL').message, /^Invalid input for thing\. Reason: NORMAL is not in /)
  refusalOf(oneOf(['normal']), ['normal'])
})

test('a MAC address is a unicast one, kept in lower case with colons', () => {
  takes(mac, [
    ['02:19:34:00:00:01', '02:19:34:00:00:01'],
    ['02:19:34:AB:CD:EF', '02:19:34:ab:cd:ef'],
    ['02-19-34-AB-CD-EF', '02:19:34:ab:cd:ef'],
  ])
  const never = ['ff:ff:ff:ff:ff:ff', '01:00:5e:00:00:01', '02:19:34:00:00', '021934000001', '02:19:34:00:00:0g', '']
  refuses(mac, 'HTTPBadRequest', [
    ...['zz', 'zz:zz', '00:00:00:00:00:00', ...never].map(
      (input) => [input, badInput(`'${input}' is not a valid MAC address`)] as const,
    ),
    [null, badInput("'None' is not a valid MAC address")],
    [5, badInput("'5' is not a valid MAC address")],
  ])
})

test('an IP address is kept in its canonical form', () => {
  takes(ipAddress, [
    ['10.0.0.1', '10.0.0.1'],
    ['FD00:0::5', 'fd00::5'],
  ])
  refuses(ipAddress, 'HTTPBadRequest', [
    ...['abc', '010.0.0.1', '1.2.3', '', '10.0.0.0/24', 'fe80::1%eth0'].map(
      (input) => [input, badInput(`'${input}' is not a valid IP address`)] as const,
    ),
    [5, badInput("'5' is not a valid IP address")],
    [null, badInput("'None' is not a valid IP address")],
  ])
})

test('a CIDR must be written as the network it means', () => {
  takes(cidr, [
    ['10.77.0.0/24', '10.77.0.0/24'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['FD00::/64', 'fd00::/64'],
  ])
  refuses(cidr, 'InvalidInput', [
    ['abc', badOperation('abc is not in a CIDR format')],
    ['10.0.0.0', badOperation('10.0.0.0 is not in a CIDR format')],
    ['1.2.3.4/33', badOperation('1.2.3.4/33 is not in a CIDR format')],
    [5, badOperation('5 is not in a CIDR format')],
    [null, badOperation('None is not in a CIDR format')],
  ])
  refuses(cidr, 'HTTPBadRequest', [
    ['10.0.0.5/24', badInput("'10.0.0.5/24' isn't a recognized IP subnet cidr, '10.0.0.0/24' is recommended")],
  ])
})

test('null is a value only where it is allowed', () => {
  takes(nullable(ipAddress), [
    [null, null],
    ['10.0.0.1', '10.0.0.1'],
  ])
  refusalOf(nullable(ipAddress), 'null')
})

test('a list has items of one kind and a largest length; null is an empty one, as the real engine resets groups', () => {
  takes(listOf(mac, { maxItems: 2 }), [
    [[], []],
    [null, []],
    [['02:19:34:AB:CD:EF'], ['02:19:34:ab:cd:ef']],
  ])
  refuses(listOf(mac, { maxItems: 2 }), 'HTTPBadRequest', [
    ['abc', badInput("'abc' is not a list")],
    [['zz'], badInput("'zz' is not a valid MAC address")],
  ])
  refusalOf(listOf(mac, { maxItems: 2 }), {})
  refusalOf(listOf(mac, { maxItems: 2 }), Array(3).fill('02:19:34:ab:cd:ef'))
})

test('a shape has its keys, all required ones, and no others', () => {
  const pool = shape<{ start: string; end?: string }>(
    { start: ipAddress, end: ipAddress },
    ['start'],
    (shown) => `Invalid data format for IP pool: '${shown}'`,
  )
  takes(pool, [
    [{ start: '10.0.0.1' }, { start: '10.0.0.1' }],
    [
      { start: '10.0.0.1', end: 'FD00::1' },
      { start: '10.0.0.1', end: 'fd00::1' },
    ],
  ])
  const odd: unknown[] = [{}, [], null, 'x', 5, { end: '10.0.0.1' }, { start: '10.0.0.1', other: 1 }]
  for (const input of [
    ...odd,
    JSON.parse('{"start": "10.0.0.1", "__proto__": {}}'),
    { start: '10.0.0.1', toString: 1 },
  ])
    assert.match(
      refusalOf(pool, input).message,
      /^Invalid input for thing\. Reason: Invalid data format for IP pool: '/,
    )
  refuses(pool, 'HTTPBadRequest', [[{ start: 'abc' }, badInput("'abc' is not a valid IP address")]])
})

test('a map is flat, because the real engine cannot read a nested value', () => {
  takes(flatMap, [
    [{}, {}],
    [
      { text: 'a', number: 1, flag: true, none: null },
      { text: 'a', number: 1, flag: true, none: null },
    ],
  ])
  for (const input of [null, [], 'x', 5, { deep: {} }, { list: [] }]) refusalOf(flatMap, input)
})

test('whatever a JSON body holds, a kind gives a value or a refusal that names what is wrong, and never breaks', () => {
  const kinds = [
    text(),
    uuid,
    bool,
    integer({ min: 0, max: 9 }),
    oneOf(['a']),
    oneOf([4]),
    mac,
    ipAddress,
    cidr,
    flatMap,
  ]
  const odd = ['', '\u0000', '\ud800', '💥', -0, 1e308, true, null, [], [[]], {}, { a: { b: [] } }, '__proto__', [null]]
  for (const kind of [
    ...kinds,
    ...kinds.map((kind) => listOf(kind as Kind<unknown>)),
    ...kinds.map((kind) => nullable<unknown>(kind)),
  ])
    for (const input of odd) {
      try {
        kind.parse(input, 'thing')
      } catch (error) {
        assert.ok(error instanceof NetworkingError, `${JSON.stringify(input)}: ${error}`)
        assert.doesNotMatch(error.message, /undefined|\[object/)
      }
    }
})
