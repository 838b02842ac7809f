// The northbound server, the way to it, or a provider fails in the middle of writes at concurrency 16: what was acknowledged
// is there, nothing was done twice, what failed is a 503 in time, and no address is lost or given twice.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import {
  noOvsdbServer,
  startOvsdbCluster,
  startOvsdbServer,
  type TestServer,
} from '@patchbay/ovsdb/testing/ovsdb-server.ts'
import { startTcpProxy, type TcpProxy } from '@patchbay/ovsdb/testing/tcp-proxy.ts'
import { until } from '../../../../lab/until.ts'
import { startProcess } from '../../testing/provider-process.ts'
import type { TestProvider } from '../../testing/test-provider.ts'
import type { NorthboundOptions } from './northbound.ts'
import { eventually, makeNetwork, type Remotes, startOvnProvider } from './testing/ovn-provider.ts'
import { verifyTogether, Writers } from './testing/writers.ts'

const skip = noOvsdbServer

/** So short, in ms, that it does not take long to see what happens after them. */
const times = { patienceMs: 1500, writeMs: 1500, idleMs: 300, answerMs: 700 }

async function start(t: TestContext, servers: Remotes, options: Partial<NorthboundOptions> = {}) {
  const provider = await startOvnProvider(t, servers, options)
  const network = await makeNetwork(provider)
  return { provider, writers: new Writers(provider, network.id) }
}

/** By this provider, and by a new one, which knows nothing but the database. */
async function verify(t: TestContext, writers: Writers, provider: TestProvider, servers: Remotes): Promise<void> {
  await writers.stop()
  const other = await startOvnProvider(t, servers)
  const [mine, theirs] = await Promise.all([provider, other].map(({ send }) => send('GET', '/ports?sort_key=id')))
  assert.deepEqual(mine!.body, theirs!.body)
  await writers.verify(provider, 253)
}

const readiness = async ({ url }: TestProvider) => {
  const response = await fetch(`${url}/readyz`)
  return { status: response.status, body: (await response.json()) as { missing?: string } }
}

test('the server is killed and started again, several times', { skip }, async (t) => {
  const server = await startOvsdbServer(t)
  const { provider, writers } = await start(t, server)
  for (let round = 0; round < 3; round++) {
    await writers.more('acknowledged')
    await server.signal('SIGKILL')
    await server.start()
  }
  await writers.more('acknowledged')
  await verify(t, writers, provider, server)
})

test('the connection is cut, again and again', { skip }, async (t) => {
  const server = await startOvsdbServer(t)
  const proxy = await startTcpProxy(t, { path: server.file('sock') })
  const { provider, writers } = await start(t, proxy)
  for (let round = 0; round < 5; round++) {
    await writers.more('acknowledged', 60)
    proxy.cut()
  }
  await writers.more('acknowledged')
  await verify(t, writers, provider, server)
})

type Step = (server: TestServer, proxy: TcpProxy) => unknown
const silences: [what: string, begin: Step, end: Step][] = [
  ['the server is frozen', (server) => server.signal('SIGSTOP'), (server) => server.signal('SIGCONT')],
  ['the connection carries nothing any more', (_, proxy) => proxy.hold(), (_, proxy) => proxy.release()],
]

for (const [what, begin, end] of silences)
  test(`${what}: requests end in time, /readyz says so, and afterwards all is well`, { skip }, async (t) => {
    const server = await startOvsdbServer(t)
    const proxy = await startTcpProxy(t, { path: server.file('sock') })
    const { provider, writers } = await start(t, proxy, { times })
    await writers.more('acknowledged')
    await begin(server, proxy)
    await writers.more('failed', 20)
    assert.ok(await until(async () => (await readiness(provider)).status === 503, 3000))
    assert.match((await readiness(provider)).body.missing!, /^the northbound database at tcp:127/)
    const { status, body } = await provider.send('GET', '/ports')
    assert.deepEqual([status, body.NeutronError?.type], [503, 'ServiceUnavailable'])
    await end(server, proxy)
    await writers.more('acknowledged')
    assert.equal((await readiness(provider)).status, 200)
    await verify(t, writers, provider, server)
  })

test('the leader of three servers is killed', { skip }, async (t) => {
  const servers = await startOvsdbCluster(t)
  const { provider, writers } = await start(t, servers)
  await writers.more('acknowledged')
  await servers[0]!.signal('SIGKILL')
  await writers.more('acknowledged')
  await verify(t, writers, provider, servers.slice(1))
})

test('the leader of three servers leads no more, and then another', { skip }, async (t) => {
  const servers = await startOvsdbCluster(t)
  const { provider, writers } = await start(t, servers)
  for (let round = 0; round < 3; round++) {
    await writers.more('acknowledged', 60)
    for (const server of servers)
      if (/^Role: leader/m.test(await server.control('cluster/status', 'OVN_Northbound')))
        await server.control('cluster/failure-test', 'transfer-leadership').catch(() => '')
  }
  await writers.more('acknowledged')
  await verify(t, writers, provider, servers)
})

/** 509 addresses: what writers leave behind that were killed stays. */
const cidr = '10.8.0.0/23'

async function startTwo(t: TestContext) {
  const server = await startOvsdbServer(t)
  const [first, other] = [await startOvnProvider(t, server), await startOvnProvider(t, server)]
  const network = await makeNetwork(first, cidr)
  await eventually(other, `/networks/${network.id}`, (body) => body.network?.subnets.length === 1)
  return { server, first, other, network }
}

test('two providers write while the server is killed', { skip }, async (t) => {
  const { server, first, other, network } = await startTwo(t)
  const writers = [new Writers(first, network.id, 'a'), new Writers(other, network.id, 'b')]
  for (let round = 0; round < 2; round++) {
    await Promise.all(writers.map((each) => each.more('acknowledged', 60)))
    await server.signal('SIGKILL')
    await server.start()
  }
  await Promise.all(writers.map((each) => each.more('acknowledged', 60)))
  await Promise.all(writers.map((each) => each.stop()))
  await verifyTogether(writers, await startOvnProvider(t, server), 509)
})

test('providers are killed, one after the other, while another one goes on writing', { skip }, async (t) => {
  const { server, other, network } = await startTwo(t)
  const processes = await Promise.all(
    ['k', 'l'].map(async (names) => {
      const folder = mkdtempSync(join(tmpdir(), 'patchbay-provider-'))
      t.after(() => rmSync(folder, { recursive: true, force: true }))
      const options = ['--backend', 'ovn', '--ovn-nb', server.remote]
      return { names, provider: await startProcess(t, folder, options) }
    }),
  )
  const survivors = new Writers(other, network.id, 'b')
  const all = [survivors]
  for (const { names, provider } of processes) {
    const writers = new Writers(provider, network.id, names)
    all.push(writers)
    await writers.more('acknowledged', 60)
    provider.child.kill('SIGKILL')
    await provider.exited
    await writers.stop()
    await survivors.more('acknowledged', 20)
  }
  await survivors.stop()
  assert.equal(survivors.failed, 0, 'the other one was disturbed')
  await verifyTogether(all, await startOvnProvider(t, server), 509)
})
