// kill -9 of the engine at every call it makes to a provider, while it synchronizes, edits or reconciles: once it runs again,
// it can be done again, and engine and provider agree.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { until } from '../../lab/until.ts'
import { startTestProvider, type TestProvider } from '../provider/testing/test-provider.ts'
import { clientOf, makeNetwork, type Scene, setScene, type TestEngine } from './testing/test-engine.ts'
import { untilIdle } from './testing/test-host.ts'
import { startTestProxy, type TestProxy } from './testing/test-proxy.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const boundMs = 60_000

type Client = Pick<TestEngine, 'send' | 'ask' | 'list' | 'url'>

interface Bed extends Scene {
  readonly provider: TestProvider
  readonly proxy: TestProxy
  readonly engine: Client
  kill(): Promise<void>
  start(): Promise<void>
}

async function startBed(t: TestContext): Promise<Bed> {
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-killed-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let child: ReturnType<typeof spawn> | undefined
  const kill = async () => {
    if (child?.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'close', { signal: AbortSignal.timeout(boundMs) })
  }
  const start = async () => {
    const argv = [
      main,
      '--no-auth',
      '--database',
      `sqlite:${join(dir, 'engine.sqlite')}`,
      '--listen',
      `127.0.0.1:${port}`,
    ]
    child = spawn(process.execPath, argv, { stdio: 'ignore', env: {} })
    const isReady = async () => (await fetch(`${url}/readyz`).catch(() => undefined))?.status === 200
    assert.ok(await until(isReady, boundMs, 20), 'the engine did not start')
  }
  t.after(kill)
  await start()
  const provider = await startTestProvider(t)
  const proxy = await startTestProxy(t, provider.url)
  const engine = { url, ...clientOf(url) }
  const scene = await setScene(engine as TestEngine, provider, proxy.url)
  return { ...scene, provider, proxy, engine, kill, start }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** `lost`: the provider never gets the call at which the engine dies; else it carries it out, and nobody hears the answer. */
async function killAt(
  bed: Bed,
  at: number,
  lost: boolean,
  operation: () => Promise<unknown>,
): Promise<string | undefined> {
  const { proxy } = bed
  let calls = 0
  let victim: string | undefined
  proxy.hold = async (line) => {
    if (++calls !== at) return
    victim = line
    await bed.kill()
  }
  proxy.cut = (line) => lost && line === victim
  await operation().catch(() => {})
  proxy.hold = async () => {}
  proxy.cut = () => false
  if (victim === undefined) return undefined
  await bed.start()
  await untilIdle(bed.engine as TestEngine)
  return victim
}

/** At each call in turn; a call that only asks need not be carried out. */
async function killAtEveryCall(
  t: TestContext,
  prepare: (bed: Bed) => Promise<unknown>,
  operation: (bed: Bed) => Promise<unknown>,
  check: (bed: Bed, when: string) => Promise<void>,
): Promise<void> {
  const bed = await startBed(t)
  for (let at = 1; ; at++) {
    for (const lost of [true, false]) {
      await prepare(bed)
      const victim = await killAt(bed, at, lost, () => operation(bed))
      if (victim === undefined) return assert.ok(at > 1, 'it makes calls')
      const when = `killed at call ${at}, ${victim}, which was ${lost ? 'lost' : 'carried out'}`
      t.diagnostic(when)
      await operation(bed)
      await untilIdle(bed.engine as TestEngine)
      await check(bed, when)
      if (victim.startsWith('GET')) break
    }
  }
}

test('kill -9 of the engine while it synchronizes', async (t) => {
  let round = 0
  await killAtEveryCall(
    t,
    async ({ engine, provider, providerId, clusterId }) => {
      round++
      await engine.ask('PUT', `/clusters/${clusterId}`, { external_network_providers: [{ id: providerId }] })
      const sync = () => engine.ask('POST', `/openstacknetworkproviders/${providerId}/sync`, {})
      const old = await makeNetwork(provider, `old-${round}`)
      await sync()
      const [profile] = await engine.list(`/vnicprofiles?search=name%3Dold-${round}`)
      const vm = await engine.ask('POST', '/vms', { name: `vm-${round}`, cluster: { id: clusterId } })
      await engine.ask('POST', `/vms/${vm.id}/nics`, { name: 'nic1', vnic_profile: { id: profile.id } })
      await provider.send('DELETE', `/networks/${old}`)
      await makeNetwork(provider, `new-${round}`)
    },
    ({ engine, providerId }) => engine.ask('POST', `/openstacknetworkproviders/${providerId}/sync`, {}),
    async ({ engine, provider, clusterId }, when) => {
      const names = (networks: any[]) => networks.map(({ name }) => name).sort()
      const there = names((await provider.send('GET', '/networks')).body.networks)
      assert.deepEqual(names(await engine.list('/networks')), there, when)
      assert.deepEqual(names(await engine.list(`/clusters/${clusterId}/networks`)), there, when)
      assert.deepEqual(names(await engine.list('/vnicprofiles')), there, when)
      for (const { id } of await engine.list('/vms')) {
        const [nic] = await engine.list(`/vms/${id}/nics`)
        assert.deepEqual([nic.vnic_profile, nic.plugged], [undefined, 'false'], when)
      }
    },
  )
})

test('kill -9 of the engine while it edits a network on its provider', async (t) => {
  let round = 0
  await killAtEveryCall(
    t,
    async () => {
      round++
    },
    ({ engine, providerId, externalId }) =>
      engine.ask('PUT', `/openstacknetworkproviders/${providerId}/networks/${externalId}`, { name: `blue-${round}` }),
    async ({ engine, provider }, when) => {
      const [here] = await engine.list('/networks')
      const [there] = (await provider.send('GET', '/networks')).body.networks
      assert.deepEqual([here.name, there.name], [`blue-${round}`, `blue-${round}`], when)
    },
  )
})

test('kill -9 of the engine while it reconciles', async (t) => {
  let nicId = ''
  await killAtEveryCall(
    t,
    async ({ engine, provider, clusterId, profileId, externalId }) => {
      if (nicId === '') {
        const vm = await engine.ask('POST', '/vms', { name: 'vm', cluster: { id: clusterId } })
        const nic = await engine.ask('POST', `/vms/${vm.id}/nics`, { name: 'nic1', vnic_profile: { id: profileId } })
        nicId = nic.id
        await provider.send('POST', '/ports', {
          port: { network_id: externalId, device_owner: 'oVirt', device_id: 'of another engine' },
        })
      }
      // The vNIC is known, and has been nowhere yet: each network gives it a port that it should not have.
      for (const name of ['red', 'green'])
        await provider.send('POST', '/ports', {
          port: { network_id: await makeNetwork(provider, name), device_owner: 'oVirt', device_id: nicId },
        })
    },
    ({ engine }) => engine.ask('POST', '/reconciliations', {}),
    async ({ provider }, when) => {
      const { ports } = (await provider.send('GET', '/ports')).body
      assert.deepEqual(
        ports.map((port: any) => port.device_id),
        ['of another engine'],
        when,
      )
    },
  )
})
