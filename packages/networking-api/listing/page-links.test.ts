// Where the links of a page lead, and when there are any.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { portType } from '../resources/ports.ts'
import { parseListing } from './listing.ts'
import { linkedPage } from './page-links.ts'

const url = 'http://provider:9696/v2.0/ports'

function pageOf(query: string, ids: string): [string, Record<string, string>] {
  const parameters = new URLSearchParams(query)
  const selected = [...ids].map((id) => ({ id }))
  const { rows, links } = linkedPage(url, parameters, parseListing(portType, parameters), selected)
  return [
    rows.map(({ id }) => id).join(''),
    Object.fromEntries(links.map(({ rel, href }) => [rel, href.replace(`${url}?`, '')])),
  ]
}

test('a page links to its neighbours with the same question; the row more that was selected is none of it', () => {
  for (const [query, selected, page, links] of [
    ['', 'ab', 'ab', {}],
    ['limit=0', 'ab', 'ab', {}],
    ['limit=2', 'ab', 'ab', { previous: 'limit=2&marker=a&page_reverse=True' }],
    ['limit=2', 'abc', 'ab', { next: 'limit=2&marker=b', previous: 'limit=2&marker=a&page_reverse=True' }],
    ['limit=2', 'a', 'a', { previous: 'limit=2&marker=a&page_reverse=True' }],
    ['limit=2', '', '', { previous: 'limit=2&page_reverse=True' }],
    [
      'name=x&name=y&limit=1&marker=q&fields=name',
      'ab',
      'a',
      {
        next: 'name=x&name=y&limit=1&fields=name&marker=a',
        previous: 'name=x&name=y&limit=1&fields=name&marker=a&page_reverse=True',
      },
    ],
    [
      'limit=2&marker=d&page_reverse=True',
      'abc',
      'bc',
      { next: 'limit=2&marker=c', previous: 'limit=2&marker=b&page_reverse=True' },
    ],
    ['limit=2&marker=c&page_reverse=True', 'ab', 'ab', { next: 'limit=2&marker=b' }],
    ['limit=2&marker=b&page_reverse=True', 'a', 'a', { next: 'limit=2&marker=a' }],
  ] as const)
    assert.deepEqual(pageOf(query, selected), [page, links], query)
})
