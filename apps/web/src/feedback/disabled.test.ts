// What cannot be used says why: by construction, as only these building blocks disable anything, and each of them takes a reason.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'

const source = resolve(import.meta.dirname, '..')
const blocks = ['feedback/action-button.tsx', 'form/fields.tsx', 'list/resource-table.tsx']

test('nothing is disabled but by a building block that takes the reason', () => {
  const disabling = globSync('**/*.tsx', { cwd: source }).filter((file) =>
    /isDisabled=|isAriaDisabled|\bdisabled=|aria-disabled/.test(readFileSync(join(source, file), 'utf8')),
  )
  assert.deepEqual(disabling.sort(), blocks)
})
