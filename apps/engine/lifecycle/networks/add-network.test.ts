// A network that is made on its provider: whatever is lost or killed on the way, both sides agree in the end.
import assert from 'node:assert/strict'
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { until } from '../../../../lab/until.ts'
import { startTestProvider } from '../../../provider/testing/test-provider.ts'
import { chooseTestDatabase } from '../../store/testing/test-database.ts'
import { setScene, startTestEngine, type TestEngine } from '../../testing/test-engine.ts'
import { untilIdle } from '../../testing/test-host.ts'
import { startTestProxy } from '../../testing/test-proxy.ts'

// A crash is a copy of the file.
chooseTestDatabase('sqlite')

async function startScene(t: TestContext) {
  const provider = await startTestProvider(t)
  const proxy = await startTestProxy(t, provider.url)
  const engine = await startTestEngine(t)
  const scene = await setScene(engine, provider, proxy.url)
  proxy.seen.length = 0
  const add = (at: TestEngine, name: string) =>
    at.send('POST', '/networks', {
      name,
      data_center: { id: scene.dataCenterId },
      external_provider: { id: scene.providerId },
      clusters: [{ id: scene.clusterId }],
      subnets: [{ name, cidr: '10.9.0.0/24', ip_version: 'v4' }],
    })
  /** What each side has under the name: ids of networks, and the number of subnets. */
  const sides = async (at: TestEngine, name: string) => {
    const { networks } = (await provider.send('GET', `/networks?name=${name}`)).body
    const own = (await at.list('/networks')).filter((network) => network.name === name)
    const attached = await at.list(`/clusters/${scene.clusterId}/networks`)
    return {
      provider: networks.map(({ subnets }: any) => subnets.length),
      engine: own.map(({ id }) => attached.some((network) => network.id === id)),
    }
  }
  return { ...scene, provider, proxy, engine, add, sides }
}

/** The requests that making a network with a subnet comes to. */
const requests = [
  /^GET \/v2.0\/networks\?name/,
  /^GET \/v2.0\/networks\?name/,
  /^POST \/v2.0\/networks$/,
  /^GET \/v2.0\/subnets\?network_id/,
  /^GET \/v2.0\/networks\//,
  /^POST \/v2.0\/subnets$/,
]
const made = { provider: [1], engine: [true] }
const nothing = { provider: [], engine: [] }

test('it takes the same few requests, whatever the provider has', async (t) => {
  const { proxy, engine, add, sides } = await startScene(t)
  assert.equal((await add(engine, 'green')).status, 201)
  assert.deepEqual(
    proxy.seen.map((line, at) => requests[at]?.test(line)),
    requests.map(() => true),
    proxy.seen.join(),
  )
  assert.deepEqual(await sides(engine, 'green'), made)
})

const isQuestion = (line: string) => line.startsWith('GET ')

test('a request that is lost, or whose answer is: nothing stays; a lost subnet is only told', async (t) => {
  const { proxy, engine, add, sides } = await startScene(t)
  for (const kind of ['cut', 'lose'] as const)
    for (const at of requests.keys()) {
      const name = `${kind}-${at}`
      proxy.seen.length = 0
      // A question that is lost is asked once more.
      proxy[kind] = () => proxy.seen.length === at + 1 || (proxy.seen.length === at + 2 && isQuestion(proxy.seen[at]!))
      const { status, body } = await add(engine, name)
      proxy[kind] = () => false
      await untilIdle(engine)
      if (at < 3) {
        assert.equal(status, 400, name)
        assert.match(body.detail, /Failed to communicate with the external provider/)
        assert.deepEqual(await sides(engine, name), nothing, name)
      } else {
        assert.equal(status, 201, name)
        const isThere = kind === 'lose' && at === 5
        assert.deepEqual(await sides(engine, name), { provider: [isThere ? 1 : 0], engine: [true] }, name)
      }
    }
})

test('the engine is killed before and after each of its requests: the network is there once, with its subnet', async (t) => {
  const { proxy, engine: first, add, sides } = await startScene(t)
  let engine = first
  let databaseFile = join(first.dataDir, 'engine.sqlite')
  for (const kind of ['before', 'after'] as const)
    for (const at of requests.keys()) {
      const name = `${kind}-${at}`
      const reached = Promise.withResolvers<void>()
      const copied = Promise.withResolvers<void>()
      proxy.seen.length = 0
      const untilCopied = async () => {
        if (proxy.seen.length !== at + 1) return false
        reached.resolve()
        await copied.promise
        return true
      }
      if (kind === 'before') proxy.hold = async () => void (await untilCopied())
      else proxy.lose = untilCopied
      const answer = add(engine, name).catch(() => {})
      await reached.promise
      databaseFile = copyOf(t, databaseFile)
      // What the killed one would still do is cut off, as if it had never been.
      proxy.cut = () => true
      copied.resolve()
      await answer
      await engine[Symbol.asyncDispose]()
      Object.assign(proxy, { hold: async () => {}, cut: () => false, lose: () => false })
      engine = await startTestEngine(t, { database: `sqlite:${databaseFile}` })
      await untilIdle(engine)
      assert.deepEqual(await sides(engine, name), made, name)
    }
})

/** The database as a crash at this moment would leave it. */
function copyOf(t: TestContext, databaseFile: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-crashed-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const copy = join(folder, 'engine.sqlite')
  copyFileSync(databaseFile, copy)
  if (existsSync(`${databaseFile}-wal`)) copyFileSync(`${databaseFile}-wal`, `${copy}-wal`)
  return copy
}

test('two data centers make a network of the same name at once: each has its own', async (t) => {
  const { provider, engine, add, providerId, dataCenterId } = await startScene(t)
  const other = await engine.ask('POST', '/datacenters', { name: 'other' })
  const [one, two] = await Promise.all([
    add(engine, 'twin'),
    until(async () => {
      const { status } = await engine.send('POST', '/networks', {
        name: 'twin',
        data_center: { id: other.id },
        external_provider: { id: providerId },
      })
      return status === 201
    }, 5_000),
  ])
  assert.deepEqual([one.status, two], [201, true])
  const { networks } = (await provider.send('GET', '/networks?name=twin')).body
  assert.deepEqual(networks.map(({ subnets }: any) => subnets.length).sort(), [0, 1])
  const own = (await engine.list('/networks')).filter(({ name }) => name === 'twin')
  assert.deepEqual(own.map(({ data_center }) => data_center.id).sort(), [dataCenterId, other.id].sort())
})

test('what is there already under the name is none of its business', async (t) => {
  const { provider, proxy, engine, add, sides } = await startScene(t)
  await provider.send('POST', '/networks', { network: { name: 'green' } })
  proxy.lose = (line) => line === 'POST /v2.0/networks'
  assert.equal((await add(engine, 'green')).status, 400)
  proxy.lose = () => false
  await untilIdle(engine)
  assert.deepEqual(await sides(engine, 'green'), { provider: [0], engine: [] })
  assert.equal((await add(engine, 'green')).status, 201)
  const { provider: all } = await sides(engine, 'green')
  assert.deepEqual(all.sort(), [0, 1])
})
