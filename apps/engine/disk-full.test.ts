// The disk with the engine's database is full: what cannot be written down is refused before anything is done, what only
// reads goes on, and once there is space again all is as it was.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { until } from '../../lab/until.ts'
import { startTestProvider } from '../provider/testing/test-provider.ts'
import { setScene, startTestEngine } from './testing/test-engine.ts'
import { addHost, startTestHost } from './testing/test-host.ts'
import { startTestProxy } from './testing/test-proxy.ts'

/** A small disk of the test's own. */
function smallDisk(t: TestContext) {
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', dir])
  t.after(() => {
    execFileSync('umount', ['-l', dir])
    rmSync(dir, { recursive: true })
  })
  const ballast = join(dir, 'ballast')
  return {
    dir,
    fill: () => assert.throws(() => writeFileSync(ballast, Buffer.alloc(8 * 1024 * 1024)), /ENOSPC/),
    free: () => rmSync(ballast),
  }
}

async function start(t: TestContext) {
  const disk = smallDisk(t)
  const provider = await startTestProvider(t)
  const host = await startTestHost(t)
  const engine = await startTestEngine(t, { database: `sqlite:${join(disk.dir, 'engine.sqlite')}` })
  const proxy = await startTestProxy(t, provider.url)
  const { clusterId, providerId, profileId } = await setScene(engine, provider, proxy.url)
  await engine.ask('PUT', `/openstacknetworkproviders/${providerId}`, { external_plugin_type: 'TEST' })
  await addHost(engine, clusterId, host)
  const { id: vmId } = await engine.ask('POST', '/vms', { name: 'vm', cluster: { id: clusterId } })
  await engine.ask('POST', `/vms/${vmId}/nics`, { name: 'nic1', vnic_profile: { id: profileId } })
  host.calls.length = 0
  const ports = async () => (await provider.send('GET', '/ports')).body.ports as unknown[]
  const status = async () => (await engine.ask('GET', `/vms/${vmId}`)).status
  return { disk, proxy, host, engine, clusterId, vmId, ports, status }
}

test('what cannot be written down is not begun', async (t) => {
  const { disk, host, engine, clusterId, vmId, ports, status } = await start(t)
  disk.fill()
  const requests = [
    ['POST', '/vms', { name: 'other', cluster: { id: clusterId } }],
    ['POST', `/vms/${vmId}/start`, {}],
    ['PUT', `/vms/${vmId}`, { description: 'x' }],
    ['DELETE', `/vms/${vmId}`, undefined],
  ] as const
  for (const [method, path, body] of requests) {
    const answer = await engine.send(method, path, body)
    assert.equal(answer.status, 507, answer.text)
    assert.match((answer.body.fault ?? answer.body).detail, /the disk is full\./)
  }
  assert.deepEqual([host.calls, await ports(), await status()], [[], [], 'down'])
  disk.free()
  await engine.ask('POST', `/vms/${vmId}/start`)
  assert.deepEqual([(await ports()).length, await status(), host.vms.size], [1, 'up', 1])
})

test('a disk that is full in the middle of a start: the start is finished or undone', async (t) => {
  const { disk, proxy, host, engine, vmId, ports, status } = await start(t)
  proxy.hold = async (line) => {
    if (line.startsWith('POST') && line.endsWith('/ports')) disk.fill()
  }
  const answer = await engine.send('POST', `/vms/${vmId}/start`)
  assert.equal(answer.status, 507, answer.text)
  proxy.hold = async () => {}
  disk.free()
  const agree = async () =>
    (await status()) === 'down' ? host.vms.size === 0 && (await ports()).length === 0 : host.vms.size === 1
  const isIdle = async () => !(await (await fetch(`${engine.url}/metrics`)).text()).match(/^engine_workflows\{/m)
  assert.ok(await until(async () => (await isIdle()) && (await agree()), 20_000, 50))
  if ((await status()) === 'down') await engine.ask('POST', `/vms/${vmId}/start`)
  assert.equal(await status(), 'up')
})
