// What a provider has acknowledged is there after kill -9; and how a provider starts and stops as a process.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { boundMs, type Port, type Send, spawnProvider, startProcess } from '../testing/provider-process.ts'

function dataDir(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-durability-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const addressOf = (port: Port) => port.fixed_ips[0]!.ip_address

/** What the writers know: a port is surely there, surely gone, or in doubt because its answer never came. */
class Ledger {
  readonly there = new Map<string, Port>()
  readonly doubtful = new Set<string>()
  readonly gone = new Set<string>()
  acknowledged = 0
}

/** Makes ports and deletes some of its own again, until the provider stops (503) or is no longer there. */
async function write(send: Send, networkId: string, ledger: Ledger): Promise<void> {
  const mine: Port[] = []
  try {
    for (;;) {
      const { status, body } = await send('POST', '/ports', { port: { network_id: networkId } })
      if (status === 503) return
      assert.equal(status, 201, JSON.stringify(body))
      ledger.there.set(body.port.id, body.port)
      ledger.acknowledged++
      mine.push(body.port)
      if (mine.length < 6) continue
      const { id } = mine.shift()!
      ledger.there.delete(id)
      ledger.doubtful.add(id)
      const removed = await send('DELETE', `/ports/${id}`)
      if (removed.status === 503) return
      assert.equal(removed.status, 204)
      ledger.doubtful.delete(id)
      ledger.gone.add(id)
      ledger.acknowledged++
    }
  } catch (error) {
    if (!(error instanceof TypeError || (error as Error).name === 'AbortError')) throw error
  }
}

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + boundMs
  while (!condition()) {
    assert.ok(performance.now() < end, 'waited too long')
    await setTimeout(2)
  }
}

function assertKept(ledger: Ledger, ports: readonly Port[]): void {
  const found = new Map(ports.map((port) => [port.id, port]))
  for (const [id, port] of ledger.there)
    assert.deepEqual(found.get(id), port, 'an acknowledged port is there, unchanged')
  for (const id of ledger.gone) assert.ok(!found.has(id), 'a port that was acknowledged as deleted is gone')
  assert.equal(new Set(ports.map(addressOf)).size, ports.length, 'no address twice')
  assert.equal(new Set(ports.map(({ mac_address }) => mac_address)).size, ports.length, 'no MAC twice')
}

/** Makes ports until there are no addresses left, 16 at a time. */
async function fill(send: Send, networkId: string): Promise<void> {
  const statuses = new Set<number>()
  const untilRefused = async () => {
    let status = 201
    while (status === 201) status = (await send('POST', '/ports', { port: { network_id: networkId } })).status
    statuses.add(status)
  }
  await Promise.all(Array.from({ length: 16 }, untilRefused))
  assert.deepEqual([...statuses], [409])
}

describe('a provider as a process', { concurrency: true }, () => {
  test('what was acknowledged survives kill -9 in the middle of 16 writers, again and again', async (t) => {
    const folder = dataDir(t)
    const poolSize = 253
    let provider = await startProcess(t, folder)
    const { id: networkId } = (await provider.send('POST', '/networks', { network: {} })).body.network
    const subnet = { network_id: networkId, ip_version: 4, cidr: '10.0.0.0/24' }
    assert.equal((await provider.send('POST', '/subnets', { subnet })).status, 201)
    for (const acknowledged of [90, 150, 240]) {
      const ledger = new Ledger()
      for (const port of await provider.ports()) ledger.there.set(port.id, port)
      const { send, child, exited } = provider
      const writers = Array.from({ length: 16 }, () => write(send, networkId, ledger))
      await until(() => ledger.acknowledged >= acknowledged)
      child.kill('SIGKILL')
      await Promise.all([...writers, exited])
      provider = await startProcess(t, folder)
      const ports = await provider.ports()
      assertKept(ledger, ports)
      await fill(provider.send, networkId)
      const all = await provider.ports()
      assert.equal(new Set(all.map(addressOf)).size, poolSize, 'free and taken addresses are the pool')
      assert.equal(all.length, poolSize)
      await Promise.all(all.slice(20).map(({ id }) => provider.send('DELETE', `/ports/${id}`)))
    }
  })

  test('a second provider on the same data folder does not start, says why, and leaves the first in peace', async (t) => {
    const folder = dataDir(t)
    const first = await startProcess(t, folder)
    const second = await spawnProvider(t, folder)
    const [code] = await second.exited
    assert.ok(code !== null && code > 0, `exit code ${code}`)
    assert.ok(second.errors().includes(`${folder} is in use by another provider. Stop that one`), second.errors())
    assert.doesNotMatch(second.errors(), /^\s+at /m, 'no stack trace')
    assert.equal((await first.send('POST', '/networks', { network: {} })).status, 201)
  })

  test('the data folder is free again after kill -9, and is for the provider alone', async (t) => {
    const folder = join(dataDir(t), 'made', 'when', 'missing')
    const first = await startProcess(t, folder)
    assert.equal((await first.send('POST', '/networks', { network: { name: 'kept' } })).status, 201)
    assert.equal(statSync(folder).mode & 0o777, 0o700)
    first.child.kill('SIGKILL')
    await first.exited
    const { send } = await startProcess(t, folder)
    assert.equal((await send('GET', '/networks?name=kept')).body.networks.length, 1)
  })

  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    test(`${signal} in the middle of writers ends the provider in order, and no write stays without its answer`, async (t) => {
      const folder = dataDir(t)
      const { send, child, exited, errors } = await startProcess(t, folder)
      const { id: networkId } = (await send('POST', '/networks', { network: {} })).body.network
      const ledger = new Ledger()
      const writers = Array.from({ length: 4 }, () => write(send, networkId, ledger))
      await until(() => ledger.acknowledged >= 20)
      child.kill(signal)
      const [[code]] = await Promise.all([exited, ...writers])
      assert.equal(code, 0, errors())
      const ports = await (await startProcess(t, folder)).ports()
      const found = new Set(ports.map(({ id }) => id))
      for (const id of ledger.there.keys()) assert.ok(found.has(id))
      for (const id of found) assert.ok(ledger.there.has(id) || ledger.doubtful.has(id), 'nobody was told of this port')
    })

  test('a request that SIGTERM finds half sent is answered, and does not keep the provider from its end', async (t) => {
    const folder = dataDir(t)
    const { url, child, exited, errors } = await startProcess(t, folder)
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname).setEncoding('utf8')
    t.after(() => socket.destroy())
    let answer = ''
    socket.on('data', (text: string) => {
      answer += text
    })
    const body = '{"network":{"name":"last"}}'
    socket.write(
      `POST /v2.0/networks HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n`,
    )
    await until(() => answer.startsWith('HTTP/1.1 100 '))
    child.kill('SIGTERM')
    await refused(url)
    socket.write(body)
    const [code] = await exited
    assert.equal(code, 0, errors())
    assert.match(answer, /HTTP\/1\.1 201 /)
    assert.match(answer, /^connection: close/im)
    const { send } = await startProcess(t, folder)
    assert.equal((await send('GET', '/networks?name=last')).body.networks.length, 1)
  })
})

/** Until nobody listens there any more. */
async function refused(url: string): Promise<void> {
  const end = performance.now() + boundMs
  while (
    await fetch(url).then(
      () => true,
      (error) => error.cause?.code !== 'ECONNREFUSED',
    )
  ) {
    assert.ok(performance.now() < end, 'still listening')
    await setTimeout(5)
  }
}
