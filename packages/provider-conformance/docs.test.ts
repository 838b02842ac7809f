// docs/provider-conformance.md names what there is: every group, and nothing else.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { groupNames } from './conformance-case.ts'

test('the page names every group, in order', () => {
  const page = readFileSync(new URL('../../docs/provider-conformance.md', import.meta.url), 'utf8')
  const [, table = ''] = /## The groups\n\n([^#]*)/.exec(page) ?? []
  const named = [...table.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, cell = '']) => cell.match(/[a-z-]+/g) ?? [])
  assert.deepEqual(named, groupNames)
})
