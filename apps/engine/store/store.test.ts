// What services rely on, the same on both kinds of databases.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { correlationId, withCorrelationId } from '../correlation.ts'
import { linksTo } from '../events/event-links.ts'
import type { Condition } from './condition.ts'
import { openStore, type Store, type Tables } from './store.ts'
import type { RowQuery } from './table.ts'
import { postgresUnavailable, testPostgres } from './testing/test-postgres.ts'

const kinds = [
  ['SQLite', false, async () => 'sqlite::memory:'],
  ['PostgreSQL', postgresUnavailable(), async () => (await testPostgres()).createDatabase()],
] as const

const event = (id: string) => ({
  id,
  code: 1,
  severity: 'normal' as const,
  time: '',
  description: '',
  correlationId: '',
  sequence: 0,
  userName: '',
  origin: '',
  customId: '',
  ...linksTo({}),
  floodRate: 0,
})

for (const [kind, skip, url] of kinds) {
  async function start(t: TestContext): Promise<Store> {
    const store = await openStore(await url())
    t.after(() => store[Symbol.asyncDispose]())
    return store
  }
  const idsIn = async (tables: Tables) => (await tables.events.find({})).map(({ id }) => id)

  test(`${kind}: rows come back as they were, the oldest first, changed or not`, { skip }, async (t) => {
    const store = await start(t)
    const vm = {
      id: 'v',
      name: "it's",
      description: '',
      comment: 'ü \u{1F600}',
      clusterId: 'c',
      status: 'down' as const,
      statusDetail: '',
      hostId: '',
      memory: 2 ** 45,
      customProperties: { a: 'b' },
      savedState: '',
      savedOn: '',
      templateId: '',
    }
    await store.vms.insert(vm)
    assert.deepEqual(await store.vms.get('v'), vm)
    for (const id of ['z', 'a', 'm']) await store.events.insert(event(id))
    assert.equal(await store.events.update('z', { code: 2 }), true)
    assert.equal(await store.events.update('nobody', { code: 2 }), false)
    assert.deepEqual(await idsIn(store), ['z', 'a', 'm'])
    await store.events.remove('a')
    assert.deepEqual(await idsIn(store), ['z', 'm'])
  })

  test(`${kind}: rows are selected by conditions, in an order, a page at a time`, { skip }, async (t) => {
    const store = await start(t)
    const texts = ['100%_a', 'Web one', 'web two', 'x\\y']
    for (const [code, description] of texts.entries())
      await store.events.insert({ ...event(String(code)), code, description, correlationId: 'c' })
    const cluster = { id: 'c', name: 'Blue', description: '', comment: '', dataCenterId: 'd', switchType: '' }
    await store.clusters.insert({ ...cluster, defaultProviderId: '', macPoolId: '' })
    const ids = async (query: RowQuery) => (await store.events.select(query)).map(({ id }) => id).join('')
    const path = { hops: [], column: 'description' }
    const like = (pattern: string, more = {}): Condition => ({
      path,
      comparison: { pattern, isNegated: false, isCaseSensitive: false, ...more },
    })
    assert.equal(await ids({}), '0123')
    assert.equal(await ids({ newestFirst: true, limit: 2, offset: 1 }), '21')
    assert.equal(await ids({ where: like('WEB*') }), '12')
    assert.equal(await ids({ where: like('web*', { isCaseSensitive: true }) }), '2')
    assert.equal(await ids({ where: like('*%_a', { isNegated: true }) }), '123')
    assert.equal(await ids({ where: like('x\\y') }), '3')
    const newer: Condition = { path: { hops: [], column: 'code' }, comparison: { operator: '>', value: 1 } }
    assert.equal(await ids({ where: { every: [like('web*'), newer] } }), '2')
    assert.equal(await ids({ where: { some: [like('100*'), newer] } }), '023')
    assert.equal(await ids({ where: { some: [] } }), '')
    assert.equal(await ids({ order: [{ path, isText: true, isDescending: true }] }), '3210')
    const hops = [{ from: 'correlationId', table: 'cluster', to: 'id' }]
    const name = { hops, column: 'name' }
    const comparison = { pattern: 'blue', isNegated: false, isCaseSensitive: false }
    const order = [{ path: name, isText: true, isDescending: false }]
    assert.equal(await ids({ where: { path: name, comparison }, order, limit: 3 }), '012')
    assert.deepEqual([...(await store.events.getAll(['3', '1', 'none'])).keys()].sort(), ['1', '3'])
  })

  test(`${kind}: of transactions that share a commit each is done or not, and sees those before it`, {
    skip,
  }, async (t) => {
    const store = await start(t)
    const seen: string[][] = []
    const add = (id: string, fails = false) =>
      store.transaction(async (tables) => {
        seen.push(await idsIn(tables))
        await tables.events.insert(event(id))
        if (fails) throw new Error(`not ${id}`)
        return id
      })
    const outcomes = await Promise.allSettled([add('a'), add('b', true), add('c'), add('a'), add('d')])
    assert.deepEqual(
      outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : undefined)),
      ['a', undefined, 'c', undefined, 'd'],
    )
    assert.deepEqual(seen, [[], ['a'], ['a'], ['a', 'c'], ['a', 'c']])
    assert.deepEqual(await idsIn(store), ['a', 'c', 'd'])
  })

  test(`${kind}: of transactions that share a commit each is done as the request that asked for it`, {
    skip,
  }, async (t) => {
    const store = await start(t)
    const note = (id: string) =>
      withCorrelationId(id, () => store.transaction(({ events }) => events.insert(event(correlationId()))))
    await Promise.all(['a', 'b', 'c'].map(note))
    assert.deepEqual(await idsIn(store), ['a', 'b', 'c'])
  })

  test(`${kind}: what is kept in memory is what is committed, also when it is read while it changes`, {
    skip,
  }, async (t) => {
    const store = await start(t)
    const binding = { id: 'h/p', hostId: 'h', pluginType: 'p', bindingHostId: '0' }
    const told = async () => (await store.hostBindings.get('h/p'))?.bindingHostId
    const toldOfAll = async () => (await store.hostBindings.getAll(['h/p', 'h/q'])).get('h/p')?.bindingHostId
    assert.equal(await told(), undefined)
    await store.hostBindings.insert(binding)
    for (let at = 1; at <= 20; at++) {
      const change = { bindingHostId: `${at}` }
      const reading = [told(), toldOfAll()]
      await Promise.all([store.hostBindings.update('h/p', change), ...reading, told(), toldOfAll()])
      assert.deepEqual([await told(), await toldOfAll()], [`${at}`, `${at}`])
    }
    const takenBack = store.transaction(async (tables) => {
      await tables.hostBindings.update('h/p', { bindingHostId: 'no' })
      assert.equal((await tables.hostBindings.get('h/p'))?.bindingHostId, 'no')
      throw new Error('taken back')
    })
    await assert.rejects(takenBack, /taken back/)
    assert.equal(await told(), '20')
    await store.hostBindings.remove('h/p')
    assert.deepEqual([await told(), await toldOfAll()], [undefined, undefined])
  })

  test(`${kind}: who listens hears what was committed, and nothing of what was taken back`, { skip }, async (t) => {
    const store = await start(t)
    const heard: string[] = []
    const stop = store.changes.listen((changes) => {
      for (const { table, id, kind, row } of changes) heard.push(`${table} ${id} ${kind} ${row.code}`)
    })
    await store.events.insert(event('a'))
    const change = (fails: boolean) =>
      store.transaction(async ({ events }) => {
        await events.insert(event(fails ? 'b' : 'c'))
        await events.update('a', { code: 7 })
        if (fails) throw new Error('no')
        assert.equal(heard.length, 1, 'before the commit')
      })
    await Promise.allSettled([change(true), change(false)])
    await store.events.update('nobody', { code: 2 })
    await store.events.remove('nobody')
    await store.events.remove('a')
    stop()
    await store.events.remove('c')
    assert.deepEqual(heard, ['event a added 1', 'event c added 1', 'event a updated 7', 'event a removed 7'])
  })

  test(`${kind}: what reads before it writes is never done by two at once`, { skip }, async (t) => {
    const store = await start(t)
    const claim = () =>
      store.transaction(async (tables) => {
        if ((await tables.events.find({ description: 'one' })).length > 0) return false
        await tables.events.insert({ ...event(crypto.randomUUID()), description: 'one' })
        return true
      })
    const claimed = await Promise.all(Array.from({ length: 100 }, claim))
    assert.equal(claimed.filter(Boolean).length, 1)
  })
}
