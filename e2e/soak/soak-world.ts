// What a soak happens in: an engine as a process of its own, a provider behind a proxy, three hosts; each may fail.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Method } from '@patchbay/vdsm-rpc/calls/call-dispatcher.ts'
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import {
  clientOf,
  importNetwork,
  makeNetwork,
  setScene,
  type TestEngine,
} from '../../apps/engine/testing/test-engine.ts'
import { addHost, startTestHost, type TestHost } from '../../apps/engine/testing/test-host.ts'
import { startTestProxy, type TestProxy } from '../../apps/engine/testing/test-proxy.ts'
import { startTestProvider, type TestProvider } from '../../apps/provider/testing/test-provider.ts'
import { until } from '../../lab/until.ts'

export interface SoakWorld {
  readonly engine: Pick<TestEngine, 'send' | 'ask' | 'list'> & { readonly url: string }
  readonly provider: TestProvider
  readonly proxy: TestProxy
  /** By their names in the engine. */
  readonly hosts: ReadonlyMap<string, TestHost>
  readonly clusterId: string
  readonly profileIds: readonly string[]
  /** kill -9, and its successor on the same database. */
  restartEngine(): Promise<void>
}

const startMs = 20_000
const main = join(import.meta.dirname, '../../apps/engine/main.ts')

export const bindingOf = (host: string) => `binding-of-${host}`

export async function startSoakWorld(t: TestContext): Promise<SoakWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-soak-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let child = startEngine(folder, port)
  t.after(() => end(child))
  await answers(url)
  const engine = { url, ...clientOf(url) }
  const provider = await startTestProvider(t)
  const proxy = await startTestProxy(t, provider.url)
  const scene = await setScene(engine as unknown as TestEngine, provider, proxy.url)
  await engine.ask('PUT', `/openstacknetworkproviders/${scene.providerId}`, { external_plugin_type: 'TEST' })
  const externalId = await makeNetwork(provider, 'red')
  const red = await importNetwork(engine as unknown as TestEngine, { ...scene, externalId })
  await engine.ask('POST', `/clusters/${scene.clusterId}/networks`, { id: red.networkId, required: 'false' })
  return {
    engine,
    provider,
    proxy,
    hosts: await startHosts(t, engine as unknown as TestEngine, scene.clusterId),
    clusterId: scene.clusterId,
    profileIds: [scene.profileId, red.profileId],
    async restartEngine() {
      await end(child)
      child = startEngine(folder, port)
      await answers(url)
    },
  }
}

/** Each can send VMs to each. */
async function startHosts(t: TestContext, engine: TestEngine, clusterId: string): Promise<Map<string, TestHost>> {
  const hosts = new Map<string, TestHost>()
  const peers: TestHost[] = []
  for (const name of ['a', 'b', 'c']) {
    const host = await startTestHost(t, peers)
    peers.push(host)
    host.answer('Host.getCapabilities', async () => ({ openstack_binding_host_ids: { TEST: bindingOf(name) } }))
    host.answer('VM.shutdown', obedientGuest(host))
    hosts.set(name, host)
    await addHost(engine, clusterId, host, name)
  }
  return hosts
}

/** It does at once what it is asked to. */
function obedientGuest({ vms, change }: TestHost): Method {
  return async ({ vmID, reboot }) => {
    const vm = vms.get(vmID as string)
    if (!vm) throw vdsmError('NoSuchVM', { vmId: vmID as string })
    change(vmID as string, reboot ? { ...vm, status: 'Up' } : { status: 'Down', exitCode: 0, macs: [] })
    return true
  }
}

function startEngine(folder: string, port: number): ChildProcess {
  const argv = [main, '--no-auth', '--listen', `127.0.0.1:${port}`, '--database', `sqlite:${join(folder, 'e.sqlite')}`]
  const bounds = ['--provider-timeout', '2', '--host-patience', '3', '--host-grace', '1']
  return spawn(process.execPath, [...argv, ...bounds], { stdio: 'ignore' })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

async function answers(url: string): Promise<void> {
  const isReady = () =>
    fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
  if (!(await until(isReady, startMs, 20))) throw new Error('the engine does not answer')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
