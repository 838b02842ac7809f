// A database of an earlier engine is brought to the newest version, and what was in it stays: from every step, on both
// kinds of databases.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Kysely } from 'kysely'
import type { AnySchema } from './any-schema.ts'
import type { Database } from './databases/database.ts'
import { openDatabase } from './databases/open-database.ts'
import { migrations } from './migrations.ts'
import { migrate } from './schema-version.ts'
import { openStore, type Store } from './store.ts'
import { postgresUnavailable, testPostgres } from './testing/test-postgres.ts'

const kinds = [
  ['SQLite', false, async (dir: string) => `sqlite:${join(dir, 'engine.sqlite')}`],
  ['PostgreSQL', postgresUnavailable(), async () => (await testPostgres()).createDatabase()],
] as const

const steps = Object.keys(migrations)

for (const [kind, skip, urlIn] of kinds) {
  async function startUrl(t: TestContext): Promise<string> {
    const dir = mkdtempSync(join(tmpdir(), 'patchbay-migrations-'))
    t.after(() => rmSync(dir, { recursive: true, force: true }))
    return urlIn(dir)
  }

  for (const [at, step] of steps.entries()) {
    test(`${kind}: what is in every table at ${step} is there afterwards`, { skip }, async (t) => {
      const url = await startUrl(t)
      const filled = await changed(url, async ({ writer }) => {
        await migrate(writer, steps.slice(0, at + 1))
        return fill(writer)
      })
      await using store = await openStore(url)
      const found = await Promise.all(tablesIn(store).map(async (table) => (await table.find({})).map(({ id }) => id)))
      const kept = found.filter((ids) => ids.includes('the-row')).length
      assert.equal(kept, filled, JSON.stringify(found))
    })
  }

  test(`${kind}: providers from before Identity v3 have no domains and no project`, { skip }, async (t) => {
    const url = await startUrl(t)
    await changed(url, async ({ writer }) => {
      await migrate(writer, ['0001-whole-loop'])
      await fill(writer)
    })
    await using store = await openStore(url)
    const provider = await store.providers.get('the-row')
    assert.deepEqual([provider?.name, provider?.requiresAuthentication, provider?.autoSync], ['{}', true, false])
    assert.deepEqual([provider?.userDomainName, provider?.projectName, provider?.projectDomainName], ['', '', ''])
  })

  test(`${kind}: networks from before the engine's own are external VM networks, and clusters have the default MAC pool`, {
    skip,
  }, async (t) => {
    const url = await startUrl(t)
    const place = { dataCenterId: 'd', providerId: 'p' }
    await changed(url, async ({ writer: db }) => {
      await migrate(db, steps.slice(0, 3))
      const cluster = { id: 'c', name: 'c', description: '', dataCenterId: 'd', switchType: 'legacy' }
      await db.insertInto('cluster').values(cluster).execute()
      const network = { id: 'n', name: 'blue', description: '', externalId: 'e', vdsmName: 'blue', mtu: 0, ...place }
      await db.insertInto('network').values(network).execute()
      await db.insertInto('network_cluster').values({ id: 'n/c', networkId: 'n', clusterId: 'c' }).execute()
    })

    await using store = await openStore(url)
    const row = (await store.networks.get('n'))!
    const { vmNetwork, vlanId, dnsServers, physicalNetworkId } = row
    assert.deepEqual([vmNetwork, vlanId, dnsServers, physicalNetworkId], [true, null, [], ''])
    assert.equal((await store.networkClusters.get('n/c'))?.required, false)
    const cluster = (await store.clusters.get('c'))!
    assert.equal((await store.macPools.get(cluster.macPoolId))?.defaultPool, true)
    // The same external network twice is one too many; networks without a provider are not the same.
    await assert.rejects(store.networks.insert({ ...row, id: 'm', name: 'red' }))
    for (const id of ['x', 'y']) await store.networks.insert({ ...row, id, name: id, providerId: '', externalId: '' })
  })

  test(`${kind}: a database of a newer engine is left as it is`, { skip }, async (t) => {
    const url = await startUrl(t)
    await (await openStore(url))[Symbol.asyncDispose]()
    const timestamp = '2099-01-01'
    await changed(url, ({ writer }) =>
      writer.insertInto('kysely_migration').values({ name: '9999-wonders', timestamp }).execute(),
    )
    await assert.rejects(openStore(url), {
      name: 'ConfigurationError',
      message: /changed by a newer engine \(9999-wonders\): use that one/,
    })
  })

  test(`${kind}: a second engine does not get in`, { skip }, async (t) => {
    const url = await startUrl(t)
    await using _store = await openStore(url, { name: 'http://the-first' })
    await assert.rejects(openStore(url), { name: 'ConfigurationError', message: /in use by another engine/ })
  })
}

async function changed<Result>(url: string, change: (database: Database) => Promise<Result>): Promise<Result> {
  const database = await openDatabase(url, { name: 'test' })
  try {
    return await change(database)
  } finally {
    await database.close()
  }
}

/** A row in every table; answers in how many. Texts are such that they are JSON as well. */
async function fill(db: Kysely<AnySchema>): Promise<number> {
  const tables = (await db.introspection.getTables()).filter(({ name }) => !name.startsWith('kysely_'))
  for (const { name, columns } of tables) {
    const values = columns
      .filter((column) => column.name !== 'rowid')
      .map(({ name, dataType }) => [name, name === 'id' ? 'the-row' : dataType.toLowerCase() === 'text' ? '{}' : 1])
    await db.insertInto(name).values(Object.fromEntries(values)).execute()
  }
  return tables.length
}

const tablesIn = (store: Store) =>
  (Object.values(store) as unknown[]).filter((table): table is Store['events'] =>
    Object.hasOwn(table as object, 'find'),
  )
