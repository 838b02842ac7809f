import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressMap, movedTo, type Subnet } from './address-map.ts'

const port = (address: string, isDhcp = false) => ({ address, owner: `port of ${address}`, isDhcp })
const v4: Subnet = {
  ...{ cidr: '10.0.0.0/24', gateway: '10.0.0.1' },
  pools: [
    { start: '10.0.0.2', end: '10.0.0.99' },
    { start: '10.0.0.200', end: '10.0.0.254' },
  ],
}

test('of a small subnet each address is a square', () => {
  const map = addressMap(v4, [
    port('10.0.0.7'),
    port('10.0.0.2', true),
    port('10.0.0.150'),
    port('10.0.1.3'),
    port('fd::1'),
  ])!
  assert.deepEqual([map.squares.length, map.size, map.part], [256, 1n, undefined])
  const kinds = [0, 1, 2, 7, 8, 99, 100, 150, 200, 254, 255].map((at) => map.squares[at]!.kind)
  assert.deepEqual(kinds, [
    ...['outside', 'gateway', 'dhcp', 'used', 'free', 'free', 'outside', 'used', 'free', 'free', 'outside'],
  ])
  assert.deepEqual([map.used, map.capacity, map.outside], [2, 153n, 1])
  assert.deepEqual(map.squares[7], {
    first: '10.0.0.7',
    last: '10.0.0.7',
    kind: 'used',
    size: 1n,
    used: [port('10.0.0.7')],
  })
  assert.deepEqual(
    map.addresses.map(({ address }) => address),
    ['10.0.0.2', '10.0.0.7', '10.0.0.150'],
  )
  assert.equal(addressMap({ ...v4, cidr: '10.0.0.0/30' }, [])!.squares.length, 4)
})

test('of a large one each square is many addresses', () => {
  const pools = [{ start: '10.1.0.2', end: '10.1.127.255' }]
  const map = addressMap({ cidr: '10.1.0.0/16', gateway: '', pools }, [port('10.1.3.1'), port('10.1.3.9')])!
  assert.deepEqual([map.squares.length, map.size, map.used, map.capacity], [256, 256n, 2, 32_766n])
  assert.deepEqual(
    [map.squares[3]!.first, map.squares[3]!.last, map.squares[3]!.used.length],
    ['10.1.3.0', '10.1.3.255', 2],
  )
  assert.deepEqual(
    [0, 3, 127, 128].map((at) => map.squares[at]!.kind),
    ['free', 'used', 'free', 'outside'],
  )
})

test('of IPv6 the part is shown that is in use', () => {
  const pools = [{ start: 'fd00::2', end: 'fd00::ffff:ffff:ffff:ffff' }]
  const subnet = { cidr: 'fd00::/64', gateway: 'fd00::1', pools }
  const near = addressMap(subnet, [port('fd00::20'), port('fd00::1ff')])!
  assert.deepEqual([near.part, near.size, near.squares.length], [{ first: 'fd00::', last: 'fd00::1ff' }, 2n, 256])
  assert.equal(near.capacity, 2n ** 64n - 2n)
  const far = addressMap(subnet, [port('fd00::f816:3eff:fe00:1')])!
  assert.equal(far.part, undefined)
  assert.equal(far.squares.filter(({ kind }) => kind === 'used').length, 1)
  assert.equal(addressMap({ ...subnet, gateway: '' }, [])!.part?.last, 'fd00::ff')
})

test('what is no CIDR has no map', () => {
  for (const cidr of ['', 'nonsense', '10.0.0.0/99']) assert.equal(addressMap({ ...v4, cidr }, []), undefined)
})

test('arrow keys stay within the grid', () => {
  const moves = [
    ...[
      [0, 'ArrowLeft', 0],
      [0, 'ArrowRight', 1],
      [0, 'ArrowDown', 32],
      [40, 'ArrowUp', 8],
      [40, 'Home', 32],
    ],
    ...[
      [40, 'End', 63],
      [255, 'ArrowDown', 255],
      [7, 'Enter', 7],
    ],
  ] as const
  for (const [at, key, next] of moves as readonly (readonly [number, string, number])[])
    assert.equal(movedTo(at, key, 256), next, `${at} ${key}`)
})
