// A database of an earlier engine is brought to the newest version, and what was in it stays.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import { migrations } from './migrations.ts'
import { sqliteDialect } from './sqlite-dialect.ts'
import { openStore } from './store.ts'
import type { AnySchema } from './table.ts'

/** A database as the engine with this migration left it. */
async function oldDatabase(t: TestContext, newest: string, fill: (db: Kysely<AnySchema>) => Promise<void>) {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-migrations-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'engine.sqlite')
  const old = new Kysely<AnySchema>({ dialect: sqliteDialect(file) })
  const migrator = new Migrator({ db: old, provider: { getMigrations: async () => ({ ...migrations }) } })
  const { error } = await migrator.migrateTo(newest)
  assert.equal(error, undefined)
  await fill(old)
  await old.destroy()
  return file
}

test('providers from before Identity v3 have no domains and no project', async (t) => {
  const texts = { name: 'sdn', description: '', type: 'external', url: 'http://sdn:9696', username: 'admin' }
  const more = { sealed_password: 'x', authentication_url: 'http://sdn:35357/v2.0', tenant_name: 't', plugin_type: '' }
  const flags = { requires_authentication: 1, read_only: 0, properties: '{}' }
  const file = await oldDatabase(t, '0001-whole-loop', async (db) => {
    await db
      .insertInto('provider')
      .values({ id: 'p', ...texts, ...more, ...flags })
      .execute()
  })

  await using store = await openStore(file)
  const provider = await store.providers.get('p')
  assert.deepEqual([provider?.name, provider?.tenantName, provider?.requiresAuthentication], ['sdn', 't', true])
  assert.deepEqual([provider?.userDomainName, provider?.projectName, provider?.projectDomainName], ['', '', ''])
})

test("networks from before the engine's own are external VM networks, and clusters have the default MAC pool", async (t) => {
  const place = { data_center_id: 'd', provider_id: 'p' }
  const file = await oldDatabase(t, '0003-host-certificates', async (db) => {
    const cluster = { id: 'c', name: 'c', description: '', data_center_id: 'd', switch_type: 'legacy' }
    await db.insertInto('cluster').values(cluster).execute()
    const network = { id: 'n', name: 'blue', description: '', external_id: 'e', vdsm_name: 'blue', mtu: 0, ...place }
    await db.insertInto('network').values(network).execute()
    await db.insertInto('network_cluster').values({ id: 'n/c', network_id: 'n', cluster_id: 'c' }).execute()
  })

  await using store = await openStore(file)
  const { vmNetwork, vlanId, dnsServers, physicalNetworkId } = (await store.networks.get('n'))!
  assert.deepEqual([vmNetwork, vlanId, dnsServers, physicalNetworkId], [true, null, [], ''])
  assert.equal((await store.networkClusters.get('n/c'))?.required, false)
  const cluster = (await store.clusters.get('c'))!
  assert.equal((await store.macPools.get(cluster.macPoolId))?.defaultPool, true)
  // The same external network twice is one too many; networks without a provider are not the same.
  const row = (await store.networks.get('n'))!
  await assert.rejects(store.networks.insert({ ...row, id: 'm', name: 'red' }))
  for (const id of ['x', 'y']) await store.networks.insert({ ...row, id, name: id, providerId: '', externalId: '' })
})
