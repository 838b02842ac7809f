// Addresses and networks: what is one, its canonical form, and the arithmetic on it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Cidr,
  contains,
  eui64Address,
  formatAddress,
  formatCidr,
  type IpAddress,
  type IpVersion,
  netmask,
  overlaps,
  parseAddress,
  parseCidr,
} from './ip.ts'

/** mulberry32: the same numbers in every run, so that a failure can be seen again. */
function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const random = seeded(20_261_122)
const bitsOf = (version: IpVersion) => (version === 4 ? 32 : 128)

/** Many zero groups, because that is where canonical IPv6 is difficult. */
function randomAddress(version: IpVersion): IpAddress {
  let number = 0n
  for (let at = 0; at < bitsOf(version) / 16; at++)
    number = (number << 16n) | BigInt(random() < 0.4 ? 0 : Math.floor(random() * 65_536))
  return { version, number }
}

function randomCidr(version: IpVersion): Cidr {
  const prefixLength = Math.floor(random() * (bitsOf(version) + 1))
  return parseCidr(`${formatAddress(randomAddress(version))}/${prefixLength}`)!
}

const canonical = [
  ['0.0.0.0', '0.0.0.0'],
  ['10.77.0.20', '10.77.0.20'],
  ['255.255.255.255', '255.255.255.255'],
  ['::', '::'],
  ['0:0:0:0:0:0:0:0', '::'],
  ['0:0:0:0:0:0:0:1', '::1'],
  ['FE80::1', 'fe80::1'],
  ['2001:DB8::0001', '2001:db8::1'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['2001:0db8:0000:0000:0000:ff00:0042:8329', '2001:db8::ff00:42:8329'],
  ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
] as const

test('an address is written in its canonical form (IPv6: RFC 5952), however it was given', () => {
  for (const [given, expected] of canonical) assert.equal(formatAddress(parseAddress(given)!), expected, given)
})

const noAddresses = [
  ...['', ' ', 'abc', '1', '1.2.3', '1.2.3.4.5', '1.2.3.256', '1.2.3.-4', '1.2.3.4 ', ' 1.2.3.4', '1.2.3.4\n'],
  // Leading zeros are octal for some readers and decimal for others; so they are nothing for us.
  ...['010.0.0.1', '10.0.0.01', '00.0.0.0', '0x1.2.3.4', '16909060', '1.2.3.4/32', '１.2.3.4', '1,2,3,4'],
  ...[':', ':::', '1::2::3', 'g::', '12345::', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '[::1]', '::1/128', '::1.2.3'],
  // A zone is known to one host only.
  ...['fe80::1%eth0', 'fe80::%1', '::ffff:1.2.3.256', '::1.2.3.04'],
]

test('a text that is not exactly one address is none', () => {
  for (const given of noAddresses) assert.equal(parseAddress(given), undefined, JSON.stringify(given))
})

const noCidrs = [
  ...[
    '',
    '/',
    '/24',
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '1.2.3.4/33',
    '10.0.0.0/-1',
    '10.0.0.0/24/24',
    '10.0.0/24',
  ],
  ...['10.0.0.0/ 24', '10.0.0.0 /24', '10.0.0.0/024', '10.0.0.0/2.5', '10.0.0.0/1e1', '10.0.0.0/0x8', '010.0.0.0/8'],
  ...['10.0.0.0/255.255.255.0', 'fd00::', 'fd00::/129', 'fd00::/', 'fd00::/064', 'fd00::/64/', 'fe80::%1/64', 'abc/8'],
]

test('a text that is not exactly one network is none', () => {
  for (const given of noCidrs) assert.equal(parseCidr(given), undefined, JSON.stringify(given))
})

test('a network spans all addresses that share its prefix, host bits in its text or not', () => {
  for (const [given, network, first, last] of [
    ['10.77.0.0/24', '10.77.0.0/24', '10.77.0.0', '10.77.0.255'],
    ['10.77.0.99/24', '10.77.0.0/24', '10.77.0.0', '10.77.0.255'],
    ['0.0.0.0/0', '0.0.0.0/0', '0.0.0.0', '255.255.255.255'],
    ['255.255.255.255/32', '255.255.255.255/32', '255.255.255.255', '255.255.255.255'],
    ['FD00:0::1/64', 'fd00::/64', 'fd00::', 'fd00::ffff:ffff:ffff:ffff'],
    ['::/0', '::/0', '::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ] as const) {
    const cidr = parseCidr(given)!
    assert.equal(formatCidr(cidr), network)
    assert.equal(formatAddress({ version: cidr.version, number: cidr.first }), first)
    assert.equal(formatAddress({ version: cidr.version, number: cidr.last }), last)
  }
})

test('writing an address and reading it again gives the same number', () => {
  for (let run = 0; run < 2000; run++) {
    const address = randomAddress(run % 2 ? 4 : 6)
    assert.deepEqual(parseAddress(formatAddress(address)), address)
  }
})

test('canonical IPv6 is what the URL standard writes', () => {
  for (let run = 0; run < 1000; run++) {
    const text = formatAddress(randomAddress(6))
    assert.equal(new URL(`http://[${text}]/`).hostname, `[${text}]`)
  }
})

test('a number that is no address of the version is refused', () => {
  assert.throws(() => formatAddress({ version: 4, number: 1n << 32n }))
  assert.throws(() => formatAddress({ version: 4, number: -1n }))
  assert.throws(() => formatAddress({ version: 6, number: 1n << 128n }))
})

test('a network contains its first and last address and neither neighbour, nor any of the other version', () => {
  for (let run = 0; run < 500; run++) {
    const version = run % 2 ? 4 : 6
    const cidr = randomCidr(version)
    assert.ok(contains(cidr, { version, number: cidr.first }) && contains(cidr, { version, number: cidr.last }))
    assert.ok(!contains(cidr, { version, number: cidr.first - 1n }))
    assert.ok(!contains(cidr, { version, number: cidr.last + 1n }))
    assert.ok(!contains(cidr, { version: version === 4 ? 6 : 4, number: cidr.first }))
    assert.equal(cidr.last - cidr.first + 1n, 1n << BigInt(bitsOf(version) - cidr.prefixLength))
  }
})

test('two networks overlap exactly when one contains the other, whichever is asked first', () => {
  for (let run = 0; run < 1000; run++) {
    const a = randomCidr(run % 2 ? 4 : 6)
    const b = randomCidr(run % 3 ? 4 : 6)
    const nested =
      contains(a, { version: b.version, number: b.first }) || contains(b, { version: a.version, number: a.first })
    assert.equal(overlaps(a, b), nested)
    assert.equal(overlaps(b, a), nested)
  }
})

test('a netmask has as many leading ones as the prefix is long', () => {
  for (let length = 0; length <= 32; length++) {
    const mask = netmask(parseCidr(`10.1.2.3/${length}`)!)
    const bits = parseAddress(mask)!.number.toString(2).padStart(32, '0')
    assert.equal(bits, '1'.repeat(length).padEnd(32, '0'))
  }
})

test('a MAC and an IPv6 /64 make the address that a machine forms by itself', () => {
  for (const [cidr, mac, address] of [
    ['2001:db8::/64', 'fa:16:3e:11:22:33', '2001:db8::f816:3eff:fe11:2233'],
    ['fd00:0:0:7::/64', '02:00:00:00:00:01', 'fd00::7:0:ff:fe00:1'],
    ['fe80::/64', '00:00:5e:00:53:af', 'fe80::200:5eff:fe00:53af'],
  ] as const)
    assert.equal(formatAddress(eui64Address(parseCidr(cidr)!, mac)), address)
})
