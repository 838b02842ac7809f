// A backup of an engine at work is the whole of one moment, and goes into any database.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { postgresUnavailable, testPostgres } from '../store/testing/test-postgres.ts'
import { startTestEngine } from '../testing/test-engine.ts'

const run = promisify(execFile)
const main = join(import.meta.dirname, 'main.ts')
const command = (...args: string[]) => run(process.execPath, [main, ...args])
const refused = (...args: string[]) =>
  command(...args).then(
    () => assert.fail('it was done'),
    ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr }),
  )

function folder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-backup-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

const skip = postgresUnavailable()
const sqlite = async (dir: string) => `sqlite:${join(dir, 'restored.sqlite')}`
const postgres = async () => (await testPostgres()).createDatabase()

for (const [what, from, to] of [
  ['SQLite to SQLite', sqlite, sqlite],
  ['SQLite to PostgreSQL', sqlite, postgres],
  ['PostgreSQL to SQLite', postgres, sqlite],
] as const)
  test(`${what}: an engine that makes changes meanwhile is restored as it was at one moment`, { skip }, async (t) => {
    const dir = folder(t)
    const engine = await startTestEngine(t, { database: await from(folder(t)) })
    await engine.ask('POST', '/datacenters', { name: 'dc', description: 'ü' })
    let isDone = false
    const busy = (async () => {
      for (let at = 0; !isDone; at++)
        await engine.ask('POST', '/clusters', { name: `c${at}`, data_center: { name: 'dc' } })
    })()
    const file = join(dir, 'backup')
    await command('backup', '--database', engine.database, file)
    isDone = true
    await busy
    assert.equal(statSync(file).mode & 0o777, 0o600)
    const made = (await engine.list('/clusters')).map(({ id }) => id)

    const target = await to(dir)
    await command('restore', '--database', target, '--data-dir', dir, file)
    const restored = await startTestEngine(t, { database: target })
    assert.equal((await restored.list('/datacenters'))[0].description, 'ü')
    const ids = (await restored.list('/clusters')).map(({ id }) => id)
    assert.deepEqual(ids, made.slice(0, ids.length))

    const again = await refused('restore', '--database', target, '--data-dir', dir, '--replace', file)
    assert.equal(again.code, 2)
    assert.match(again.stderr, /in use by another engine/)
    await restored[Symbol.asyncDispose]()
  })

test('a database with something in it is only replaced when that is asked for', async (t) => {
  const dir = folder(t)
  const engine = await startTestEngine(t)
  const file = join(dir, 'backup')
  await command('backup', '--database', engine.database, file)
  const target = await sqlite(dir)
  await command('restore', '--database', target, file)
  const { code, stderr } = await refused('restore', '--database', target, file)
  assert.equal(code, 2)
  assert.match(stderr, /not empty. With --replace/)
  await command('restore', '--database', target, '--replace', file)
})

test('what is no backup, or is cut short, leaves the database empty', async (t) => {
  const dir = folder(t)
  const engine = await startTestEngine(t)
  const file = join(dir, 'backup')
  await command('backup', '--database', engine.database, file)
  const target = await sqlite(dir)
  writeFileSync(join(dir, 'short'), readFileSync(file).subarray(0, -20))
  writeFileSync(join(dir, 'other'), 'hello')
  for (const name of ['short', 'other', 'missing']) {
    const { code, stderr } = await refused('restore', '--database', target, join(dir, name))
    assert.equal(code, 2, stderr)
    assert.match(stderr, new RegExp(`${name} (is|cannot)`))
  }
  await command('restore', '--database', target, file)
})

test('with a passphrase the secret key goes along, and comes back only with it', async (t) => {
  const dir = folder(t)
  const engine = await startTestEngine(t)
  const [file, right, wrong] = ['backup', 'right', 'wrong'].map((name) => join(dir, name)) as [string, string, string]
  writeFileSync(right, 'correct horse\n')
  writeFileSync(wrong, 'battery staple\n')
  await command('backup', '--database', engine.database, '--passphrase-file', right, file)
  const key = readFileSync(join(engine.dataDir, 'secret.key'))
  const restoring = ['restore', '--database', await sqlite(dir), '--data-dir', dir, '--passphrase-file']
  assert.match((await refused(...restoring, wrong, file)).stderr, /another passphrase/)
  assert.equal(existsSync(join(dir, 'secret.key')), false)
  await command(...restoring, right, file)
  assert.deepEqual(readFileSync(join(dir, 'secret.key')), key)
})
