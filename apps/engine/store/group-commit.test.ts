// When a transaction is done: once it is on disk, with those that came while the disk was busy in the next commit.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { RowChange } from './changes.ts'
import { openDatabase } from './databases/open-database.ts'
import { openWriteAheadLog } from './databases/write-ahead-log.ts'
import { createGroupCommit } from './group-commit.ts'

/** Over a database whose disk the test holds: each flush waits until it is settled. */
async function start(t: TestContext) {
  const database = await openDatabase('sqlite::memory:', { name: 'test' })
  t.after(() => database.close())
  await database.writer.schema.createTable('row').addColumn('id', 'text').execute()
  const flushes: PromiseWithResolvers<void>[] = []
  const told: string[] = []
  const flush = () => {
    flushes.push(Promise.withResolvers())
    return flushes.at(-1)!.promise
  }
  const tell = (changes: readonly RowChange[]) => told.push(...changes.map(({ id }) => id))
  const transact = createGroupCommit({ writer: database.writer, flush }, tell)
  const settled: string[] = []
  return {
    flushes,
    told,
    settled,
    ids: async () => (await database.reader.selectFrom('row').selectAll().execute()).map(({ id }) => id),
    async add(id: string) {
      const adding = transact(async (db, changed) => {
        await db.insertInto('row').values({ id }).execute()
        changed.push({ table: 'row', id, kind: 'added', row: { id } })
      })
      await adding.then(
        () => settled.push(id),
        (error) => settled.push(`${id}: ${error.message}`),
      )
    },
    /** Until the disk has been asked so many times. */
    async flushed(times: number) {
      for (let turn = 0; turn < 1_000 && flushes.length < times; turn++) await setImmediate()
      assert.equal(flushes.length, times)
    },
  }
}

test('a transaction is done, and told of, when the disk has it; those that come meanwhile share the next commit', async (t) => {
  const { add, flushes, flushed, told, settled, ids } = await start(t)
  const first = add('a')
  await flushed(1)
  const others = [add('b'), add('c')]
  for (let turn = 0; turn < 10; turn++) await setImmediate()
  assert.deepEqual([await ids(), told, settled, flushes.length], [['a'], [], [], 1])
  flushes[0]!.resolve()
  await first
  assert.deepEqual([told, settled], [['a'], ['a']])
  await flushed(2)
  assert.deepEqual([await ids(), told], [['a', 'b', 'c'], ['a']])
  flushes[1]!.resolve()
  await Promise.all(others)
  assert.deepEqual(
    [told, settled],
    [
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ],
  )
})

test('what a disk fails to take is not done, whoever shared the commit, and nobody is told of it', async (t) => {
  const { add, flushes, flushed, told, settled } = await start(t)
  const both = [add('a'), add('b')]
  await flushed(1)
  flushes[0]!.reject(new Error('broken disk'))
  await Promise.all(both)
  assert.deepEqual([told, settled], [[], ['a: broken disk', 'b: broken disk']])
})

test('a database file whose log cannot be brought to disk is lost', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-log-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const file = join(dir, 'engine.sqlite')
  const database = await openDatabase(`sqlite:${file}`, { name: 'test' })
  t.after(() => database.close())
  const log = await openWriteAheadLog(file)
  await log.flush()
  await log.close()
  await assert.rejects(log.flush())
  assert.ok((await log.lost) instanceof Error)
})
