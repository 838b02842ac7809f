// What a list request may ask for, and which rows it selects.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NetworkingError, type NetworkingErrorType } from '../errors.ts'
import { networkType } from '../resources/networks.ts'
import { portType } from '../resources/ports.ts'
import { parseListing, project, select } from './listing.ts'

const listingOf = (query: string) => parseListing(portType, new URLSearchParams(query))
const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id).join(' ')

interface Row {
  readonly id: string
  readonly [attribute: string]: unknown
}

const port = (id: string, more: object = {}): Row => ({
  id,
  name: '',
  admin_state_up: true,
  mac_address: `02:00:00:00:00:0${id.length}`,
  fixed_ips: [],
  security_groups: [],
  revision_number: 1,
  ...more,
})

const ports = [
  port('a', { name: 'p2', mac_address: '02:19:34:ab:cd:ef', device_owner: 'oVirt', revision_number: 10 }),
  port('b', { name: 'p1', admin_state_up: false, fixed_ips: [{ subnet_id: 's1', ip_address: '10.0.0.9' }] }),
  port('c', { name: 'p1', revision_number: 9, security_groups: ['g1', 'g2'], 'binding:profile': { role: 'edge' } }),
  port('d', {
    fixed_ips: [
      { subnet_id: 's1', ip_address: '10.0.0.10' },
      { subnet_id: 's2', ip_address: '10.1.0.9' },
    ],
  }),
]
const found = (query: string) => idsOf(select<Row>(portType, ports, listingOf(query)))

function refusal(query: string): [status: number, type: NetworkingErrorType, message: string] {
  try {
    return assert.fail(`${query} was taken as ${JSON.stringify(listingOf(query))}`)
  } catch (error) {
    assert.ok(error instanceof NetworkingError, String(error))
    return [error.status, error.type, error.message]
  }
}

test('no question selects every row, in the order they came', () => {
  assert.equal(found(''), 'a b c d')
})

test('a row is selected when each filter names its value, once or among several', () => {
  for (const [query, expected] of [
    ['name=p1', 'b c'],
    ['name=p1&name=p2', 'a b c'],
    ['name=', 'd'],
    ['name=p1&admin_state_up=false', 'b'],
    ['name=p1&admin_state_up=FALSE', 'b'],
    ['admin_state_up=true', 'a c d'],
    ['admin_state_up=maybe', ''],
    ['mac_address=02:19:34:AB:CD:EF', 'a'],
    ['mac_address=02-19-34-ab-cd-ef', 'a'],
    ['mac_address=zz', ''],
    ['device_owner=oVirt', 'a'],
    ['device_owner=ovirt', ''],
    ['revision_number=10', 'a'],
    ['network_id=abc', ''],
    ['id=a&id=d&id=x', 'a d'],
    ['tenant_id=none', ''],
  ] as const)
    assert.equal(found(query), expected, query)
})

test('a list matches by any of its items, a list of objects by one of their values', () => {
  for (const [query, expected] of [
    ['security_groups=g2', 'c'],
    ['security_groups=g3', ''],
    ['fixed_ips=subnet_id%3Ds1', 'b d'],
    ['fixed_ips=ip_address%3D10.1.0.9', 'd'],
    ['fixed_ips=ip_address%3D10.1.0', ''],
    ['fixed_ips=10.1.0.9', ''],
    ['fixed_ips=', ''],
    ['fixed_ips=subnet_id%3Ds1&fixed_ips=ip_address%3D10.0.0.9', 'b'],
    ['fixed_ips=subnet_id%3Ds1&fixed_ips=ip_address%3D10.1.0.9', ''],
    ['fixed_ips=ip_address%3D10.0.0.9&fixed_ips=ip_address%3D10.0.0.10', 'b d'],
    ['fixed_ips=ip_address_substr%3D10.1.', 'd'],
    ['binding:profile=role%3Dedge', 'c'],
    ['binding:profile=role%3Dcore', ''],
  ] as const)
    assert.equal(found(query), expected, query)
})

test('rows come in the order of the sort keys, numbers as numbers, equal ones by id', () => {
  for (const [query, expected] of [
    ['sort_key=name&sort_dir=asc', 'd b c a'],
    ['sort_key=name&sort_dir=desc', 'a b c d'],
    ['sort_key=revision_number&sort_dir=asc', 'b d c a'],
    ['sort_key=name&sort_dir=asc&sort_key=revision_number&sort_dir=desc', 'd c b a'],
  ] as const)
    assert.equal(found(query), expected, query)
})

test('sorting leaves the rows it was given as they were', () => {
  const given = [port('b'), port('a')]
  select<Row>(portType, given, listingOf('sort_key=id&sort_dir=asc'))
  assert.equal(idsOf(given), 'b a')
})

test('a page has at most so many rows, after the marker, in the order asked for', () => {
  for (const [query, expected] of [
    ['limit=1', 'a'],
    ['limit=0', 'a b c d'],
    ['limit=99', 'a b c d'],
    ['marker=b', 'c d'],
    ['limit=1&marker=b', 'c'],
    ['marker=d', ''],
    ['limit=2&marker=b&sort_key=name&sort_dir=asc', 'c a'],
    ['name=p1&marker=b', 'c'],
    ['limit=1&marker=c&page_reverse=True', 'b'],
    ['limit=2&marker=d&page_reverse=true', 'b c'],
    ['limit=9&marker=b&page_reverse=true', 'a'],
    ['limit=2&page_reverse=true', 'c d'],
    ['limit=2&marker=a&page_reverse=true', ''],
    ['limit=1&marker=b&page_reverse=false', 'c'],
  ] as const)
    assert.equal(found(query), expected, query)
})

test('pages put together are the whole list, whatever the page size, the order and the filter', () => {
  const rows = Array.from({ length: 23 }, (_, at) =>
    port(`p${at}`, { name: `n${(at * 7) % 5}`, revision_number: at % 3 }),
  )
  for (const asked of ['', 'sort_key=name&sort_dir=desc', 'sort_key=revision_number&sort_dir=asc', 'name=n1&name=n3'])
    for (const limit of [1, 2, 5, 22, 23, 24]) {
      const pages: Row[] = []
      for (;;) {
        const marker = pages.length > 0 ? `&marker=${pages.at(-1)!.id}` : ''
        const page = select<Row>(portType, rows, listingOf(`${asked}&limit=${limit}${marker}`))
        if (page.length === 0) break
        assert.ok(page.length <= limit)
        pages.push(...page)
      }
      assert.equal(idsOf(pages), idsOf(select<Row>(portType, rows, listingOf(asked))))
    }
})

test('a limit that is no number from 0 on is refused', () => {
  for (const limit of ['abc', '-1', '1.5', '', '1e3', ' 1', '0x1', '99999999999'])
    assert.deepEqual(refusal(`limit=${encodeURIComponent(limit)}`), [
      400,
      'BadRequest',
      `Bad limit request: Limit must be an integer 0 or greater and not '${limit}'.`,
    ])
})

test('what cannot be filtered or sorted by is refused, by its name', () => {
  for (const query of [
    'bogus=1',
    '%ff=1',
    '__proto__=1',
    'constructor=1',
    '=1',
    'sort_key=bogus',
    'sort_key=bogus&sort_dir=asc',
  ])
    assert.deepEqual(refusal(query).slice(0, 2), [400, 'HTTPBadRequest'], query)
  assert.match(refusal('bogus=1')[2], /'bogus'/)
  assert.match(refusal('sort_key=bogus&sort_dir=asc')[2], /'bogus'/)
  assert.match(refusal('sort_key=name&sort_dir=up')[2], /'up'/)
})

test('every sort direction belongs to a sort key', () => {
  for (const query of [
    'sort_dir=asc',
    'sort_key=name&sort_dir=asc&sort_dir=desc',
    'sort_key=name&sort_key=id&sort_dir=asc',
  ])
    assert.deepEqual(refusal(query), [400, 'HTTPBadRequest', 'The number of sort_keys and sort_dirs must be same'])
})

test('a marker that is no row of the list is refused', () => {
  for (const query of ['marker=x', 'marker=a&name=p1', 'marker=']) assert.throws(() => found(query), { status: 400 })
})

test('a row is shown with the fields asked for, in its own order, or whole', () => {
  const row = { id: 'a', name: 'p', mtu: 1450 }
  assert.deepEqual(project(row, []), row)
  assert.deepEqual(project(row, ['name']), { name: 'p' })
  assert.deepEqual(Object.keys(project(row, ['mtu', 'id', 'id'])), ['id', 'mtu'])
  assert.deepEqual(project(row, ['bogus', 'toString']), {})
  assert.deepEqual(listingOf('fields=id&fields=name&fields=').fields, ['id', 'name'])
})

test('a network is found by the attributes with a colon too', () => {
  const rows = [
    { id: 'a', 'provider:segmentation_id': 77, 'router:external': false },
    { id: 'b', 'provider:segmentation_id': 78, 'router:external': false },
  ]
  const listing = parseListing(networkType, new URLSearchParams('provider:segmentation_id=77&router:external=False'))
  assert.equal(idsOf(select(networkType, rows, listing)), 'a')
})
