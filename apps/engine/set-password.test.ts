// `patchbay engine password`, as somebody types it who cannot log in any more.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { verifyPassword } from '@patchbay/service/password-hash.ts'
import { openStore } from './store/store.ts'

test('a user gets a new password while no engine is at work, and is let in again', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-password-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const [database, file] = [`sqlite:${join(folder, 'engine.sqlite')}`, join(folder, 'password')]
  writeFileSync(file, 'through the looking-glass\n')
  const names = { principal: 'alice', userName: 'alice@internal-authz', firstName: '', lastName: '' }
  const run = (user: string) =>
    spawnSync(
      process.execPath,
      [join(import.meta.dirname, 'set-password.ts'), '--database', database, '--password-file', file, user],
      { encoding: 'utf8', timeout: 20_000 },
    )
  {
    await using store = await openStore(database)
    await store.users.insert({ id: 'a', ...names, email: '', department: '', passwordHash: '', enabled: false })
  }
  const refused = run('bob@internal')
  assert.deepEqual(
    [refused.status, refused.stderr],
    [1, 'patchbay engine password: User bob@internal does not exist.\n'],
  )
  assert.equal(run('alice@internal').stdout, 'user alice@internal-authz has a new password\n')
  await using store = await openStore(database)
  const alice = (await store.users.get('a'))!
  assert.deepEqual([alice.enabled, await verifyPassword('through the looking-glass', alice.passwordHash)], [true, true])
})
