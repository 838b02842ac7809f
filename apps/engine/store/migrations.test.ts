// A database of an earlier engine is brought to the newest version, and what was in it stays.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import { migrations } from './migrations.ts'
import { sqliteDialect } from './sqlite-dialect.ts'
import { openStore } from './store.ts'
import type { AnySchema } from './table.ts'

test('providers from before Identity v3 have no domains and no project', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-migrations-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'engine.sqlite')
  const old = new Kysely<AnySchema>({ dialect: sqliteDialect(file) })
  const migrator = new Migrator({ db: old, provider: { getMigrations: async () => ({ ...migrations }) } })
  const { error } = await migrator.migrateTo('0001-whole-loop')
  assert.equal(error, undefined)
  const texts = { name: 'sdn', description: '', type: 'external', url: 'http://sdn:9696', username: 'admin' }
  const more = { sealed_password: 'x', authentication_url: 'http://sdn:35357/v2.0', tenant_name: 't', plugin_type: '' }
  const flags = { requires_authentication: 1, read_only: 0, properties: '{}' }
  await old
    .insertInto('provider')
    .values({ id: 'p', ...texts, ...more, ...flags })
    .execute()
  await old.destroy()

  await using store = await openStore(file)
  const provider = await store.providers.get('p')
  assert.deepEqual([provider?.name, provider?.tenantName, provider?.requiresAuthentication], ['sdn', 't', true])
  assert.deepEqual([provider?.userDomainName, provider?.projectName, provider?.projectDomainName], ['', '', ''])
})
