import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { withInstalledDrivers } from './installed-drivers.ts'

test('what is installed is used, with the options of the entry that names it', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-installed-'))
  t.after(() => rmSync(dir, { recursive: true }))
  for (const name of ['ours', 'theirs', 'half']) mkdirSync(join(dir, name))
  for (const name of ['ours', 'theirs']) writeFileSync(join(dir, name, 'driver.json'), '{}')
  const entries = [{ driver: 'noop' }, { driver: 'theirs', options: { a: 1 } }, { driver: '/else/where' }]
  assert.deepEqual(withInstalledDrivers(entries, dir), [
    { driver: 'noop' },
    { driver: join(dir, 'theirs'), options: { a: 1 } },
    { driver: '/else/where' },
    { driver: join(dir, 'ours'), found: true },
  ])
  assert.deepEqual(withInstalledDrivers(entries, join(dir, 'missing')), entries)
})
