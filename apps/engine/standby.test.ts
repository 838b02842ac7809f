// Two engines on one database of PostgreSQL: one works, the other stands by and takes over.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { until } from '../../lab/until.ts'
import { startTestProvider } from '../provider/testing/test-provider.ts'
import { postgresUnavailable, type TestPostgres, testPostgres } from './store/testing/test-postgres.ts'
import { clientOf, setScene, startTestEngine, type TestEngine } from './testing/test-engine.ts'
import { addHost, startTestHost, untilIdle } from './testing/test-host.ts'

const skip = postgresUnavailable()
const boundMs = 20_000

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await new Promise((closed) => server.close(closed))
  return port
}

const statusOf = (url: string, path: string) =>
  fetch(url + path).then(
    ({ status }) => status,
    () => 0,
  )
const isReady = async (url: string) => (await statusOf(url, '/readyz')) === 200
const becomesReady = async (url: string) => assert.ok(await until(() => isReady(url), boundMs), `${url} is ready`)

/** The process of PostgreSQL that serves the engine that works; undefined when none does. */
async function leaderOf(postgres: TestPostgres, database: string): Promise<number | undefined> {
  const name = /\/(test\d+)\?/.exec(database)![1]
  const [row] = await postgres.run(`select pid from pg_locks join pg_stat_activity using (pid)
    where locktype = 'advisory' and granted and datname = '${name}'`)
  return row?.pid as number | undefined
}

/** An engine as a process of its own. */
async function startProcess(t: TestContext, database: string, dataDir: string) {
  const url = `http://127.0.0.1:${await freePort()}`
  const options = { listen: url.slice('http://'.length), database, 'data-dir': dataDir, 'host-patience': '2' }
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), '--no-auth', ...flags], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  t.after(kill)
  return { child, url, kill, ...clientOf(url) }
}

type EngineProcess = Awaited<ReturnType<typeof startProcess>>

async function startPair(t: TestContext) {
  const dataDir = mkdtempSync(join(tmpdir(), 'patchbay-standby-'))
  t.after(() => rmSync(dataDir, { recursive: true, force: true }))
  const database = await (await testPostgres()).createDatabase()
  const first = await startProcess(t, database, dataDir)
  await becomesReady(first.url)
  const second = await startProcess(t, database, dataDir)
  assert.ok(await until(async () => (await statusOf(second.url, '/readyz')) === 503, boundMs), 'the second stands by')
  return { first, second, database }
}

/** A VM on the first of two hosts, through the first engine. */
async function startScene(t: TestContext, engine: EngineProcess) {
  const provider = await startTestProvider(t)
  const destination = await startTestHost(t)
  const source = await startTestHost(t, [destination])
  const asTest = engine as unknown as TestEngine
  const scene = await setScene(asTest, provider)
  await addHost(asTest, scene.clusterId, source, 'a')
  await addHost(asTest, scene.clusterId, destination, 'b')
  const { id: vmId } = await engine.ask('POST', '/vms', { name: 'vm', cluster: { id: scene.clusterId } })
  const ports = async () => (await provider.send('GET', '/ports')).body.ports as any[]
  return { ...scene, provider, source, destination, vmId, ports }
}

type TestScene = Awaited<ReturnType<typeof startScene>>
const start = (engine: EngineProcess, { vmId }: TestScene) =>
  engine.send('POST', `/vms/${vmId}/start`, { vm: { host: { name: 'a' } } })
const addNic = (engine: EngineProcess, { vmId, profileId }: TestScene) =>
  engine.send('POST', `/vms/${vmId}/nics`, { name: 'nic1', vnic_profile: { id: profileId } })

test('the second engine says that it stands by, and whom to ask; hosts hear of the first only', { skip }, async (t) => {
  const { first, second } = await startPair(t)
  const scene = await startScene(t, first)
  assert.equal(await statusOf(second.url, '/healthz'), 200)
  assert.deepEqual((await (await fetch(`${second.url}/readyz`)).json()) as any, {
    status: 'not ready',
    missing: 'standby',
  })
  for (const [method, path] of [
    ['GET', '/vms'],
    ['POST', '/vms'],
  ] as const) {
    const { status, body, headers } = await second.send(method, path, method === 'POST' ? { name: 'x' } : undefined)
    assert.equal(status, 503)
    assert.equal(headers.get('retry-after'), '1')
    assert.equal(body.detail, `This engine stands by. Ask ${first.url}.`)
  }
  assert.equal((await start(first, scene)).status, 200)
  assert.equal(scene.source.calls.filter(({ method }) => method === 'VM.create').length, 1)
})

/** What is interrupted, by the verb of the host during which the first engine is killed. */
const interruptions: readonly (readonly [string, (engine: EngineProcess, scene: TestScene) => Promise<unknown>])[] = [
  ['VM.create', start],
  ['VM.hotplugNic', addNic],
  ['VM.migrate', (engine, { vmId }) => engine.send('POST', `/vms/${vmId}/migrate`, {})],
]

test('kill -9 of the engine that works, in the middle of workflows: the other one finishes or undoes them', {
  skip,
}, async (t) => {
  for (const [verb, act] of interruptions)
    await t.test(verb, async (t) => {
      const { first, second } = await startPair(t)
      const scene = await startScene(t, first)
      if (verb !== 'VM.hotplugNic') await addNic(first, scene)
      if (verb !== 'VM.create') await start(first, scene)
      const reached = Promise.withResolvers<void>()
      const never = Promise.withResolvers<object>()
      t.after(() => never.resolve({}))
      scene.source.answer(verb, async () => {
        reached.resolve()
        return never.promise
      })
      void act(first, scene).catch(() => {})
      await reached.promise
      scene.source.answer(verb, undefined)
      await first.kill()
      await becomesReady(second.url)
      await untilIdle(second as unknown as TestEngine)

      const vm = await second.ask('GET', `/vms/${scene.vmId}`)
      const running = [scene.source, scene.destination].filter(({ vms }) => vms.get(scene.vmId)?.status === 'Up')
      assert.equal(running.length, vm.status === 'up' ? 1 : 0)
      assert.equal((await scene.ports()).length, (await second.list(`/vms/${scene.vmId}/nics`)).length)
      if (vm.status === 'down') assert.equal((await start(second, scene)).status, 200)
    })
})

test('an engine whose session is cut lets go, and one of the two goes on', { skip }, async (t) => {
  const { first, second, database } = await startPair(t)
  const scene = await startScene(t, first)
  await start(first, scene)
  const postgres = await testPostgres()
  const cut = await leaderOf(postgres, database)
  await postgres.run(`select pg_terminate_backend(${cut})`)
  const isOther = async () => ![undefined, cut].includes(await leaderOf(postgres, database))
  assert.ok(await until(isOther, boundMs), 'one of them leads')
  const states = () => Promise.all([first, second].map(({ url }) => statusOf(url, '/readyz')))
  assert.ok(await until(async () => (await states()).sort().join() === '200,503', boundMs), 'the other stands by')
  const leader = (await isReady(first.url)) ? first : second
  assert.equal((await leader.ask('GET', `/vms/${scene.vmId}`)).status, 'up')
  assert.ok(await until(async () => (await addNic(leader, scene)).status === 201, boundMs), 'and reaches the hosts')
  assert.equal((await scene.ports()).length, 1)
})

test('an engine that hangs is taken over from, and cannot write when it goes on', { skip }, async (t) => {
  const { first, second } = await startPair(t)
  const scene = await startScene(t, first)
  first.child.kill('SIGSTOP')
  await becomesReady(second.url)
  first.child.kill('SIGCONT')
  const { status } = await first.send('POST', '/datacenters', { name: 'of the past' }).catch(() => ({ status: 0 }))
  assert.notEqual(status, 201)
  assert.ok(await until(async () => (await statusOf(first.url, '/readyz')) === 503, boundMs), 'the first stands by')
  assert.deepEqual(
    (await second.list('/datacenters')).map(({ name }) => name),
    ['dc'],
  )
  assert.equal((await start(second, scene)).status, 200)
})

test('the database goes and comes back: so does the engine, with what it knew', { skip }, async (t) => {
  const postgres = await testPostgres()
  const engine = await startTestEngine(t, { database: await postgres.createDatabase() })
  await engine.ask('POST', '/datacenters', { name: 'dc' })
  await postgres.crash()
  assert.ok(await until(async () => (await statusOf(engine.url, '/readyz')) === 503, boundMs), 'it cannot work')
  const { status, body } = await engine.send('GET', '/datacenters')
  assert.equal(status, 503)
  assert.match(body.detail, /^This engine cannot work: /)
  await postgres.start()
  await becomesReady(engine.url)
  assert.deepEqual(
    (await engine.list('/datacenters')).map(({ name }) => name),
    ['dc'],
  )
})
