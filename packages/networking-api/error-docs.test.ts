// docs/networking-errors.md and the registry say the same, in both directions.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { networkingErrors } from './errors.ts'

const page = readFileSync(new URL('../../docs/networking-errors.md', import.meta.url), 'utf8')
const rows = [...page.matchAll(/^\| `(\w+)` \| (\d{3}) \| (.+) \|$/gm)].map(([, type, status, when]) => ({
  type: type!,
  status: Number(status),
  when: when!.trim(),
}))

test('every error of the registry is documented once, with its status, and no other is', () => {
  const registered = Object.entries(networkingErrors).map(([type, { status }]) => `${type} ${status}`)
  assert.deepEqual(rows.map(({ type, status }) => `${type} ${status}`).sort(), registered.sort())
})

test('every row of the page is read by this test', () => {
  const tableRows = page.split('\n').filter((line) => /^\|\s*[`\w]/.test(line) && !/^\| Type \|/.test(line))
  assert.equal(rows.length, tableRows.length)
})

test('every row says when the error occurs', () => {
  for (const { type, when } of rows) assert.match(when, /^[A-Z].{10,}\.$/, type)
})
