// Where the links of a page lead, and when there are any.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseListing } from './listing.ts'
import { pageLinks } from './page-links.ts'
import { portType } from './ports.ts'

const url = 'http://provider:9696/v2.0/ports'

function linksOf(query: string, ids: string): Record<string, string> {
  const parameters = new URLSearchParams(query)
  const rows = [...ids].map((id) => ({ id }))
  const links = pageLinks(url, parameters, parseListing(portType, parameters), rows)
  return Object.fromEntries(links.map(({ rel, href }) => [rel, href.replace(`${url}?`, '')]))
}

test('a page links to its neighbours with the same question', () => {
  for (const [query, ids, links] of [
    ['', 'ab', {}],
    ['limit=0', 'ab', {}],
    ['limit=2', 'ab', { next: 'limit=2&marker=b', previous: 'limit=2&marker=a&page_reverse=True' }],
    ['limit=2', 'a', { previous: 'limit=2&marker=a&page_reverse=True' }],
    ['limit=2', '', { previous: 'limit=2&page_reverse=True' }],
    [
      'name=x&name=y&limit=1&marker=q&fields=name',
      'a',
      {
        next: 'name=x&name=y&limit=1&fields=name&marker=a',
        previous: 'name=x&name=y&limit=1&fields=name&marker=a&page_reverse=True',
      },
    ],
    [
      'limit=2&marker=d&page_reverse=True',
      'bc',
      { next: 'limit=2&marker=c', previous: 'limit=2&marker=b&page_reverse=True' },
    ],
    ['limit=2&marker=b&page_reverse=True', 'a', { next: 'limit=2&marker=a' }],
  ] as const)
    assert.deepEqual(linksOf(query, ids), links, query)
})
