// What only the embedded backend can run out of: the disk that its file is on, and numbers for tunnels.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { startTestProvider, type TestProvider } from '../../testing/test-provider.ts'
import { openEmbeddedBackend } from './embedded-backend.ts'

function makeDir(t: TestContext, { sizeMb }: { sizeMb?: number } = {}): string {
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-embedded-'))
  if (sizeMb) execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m`, 'tmpfs', dir])
  t.after(() => {
    if (sizeMb) execFileSync('umount', ['-l', dir])
    rmSync(dir, { recursive: true, force: true })
  })
  return dir
}

const namesOf = async ({ send }: TestProvider) =>
  ((await send('GET', '/networks')).body.networks as any[]).map(({ name }) => name)

const addNetwork = ({ send }: TestProvider, name: string) => send('POST', '/networks', { network: { name } })

test('on a full disk every write is refused and changes nothing; what reads goes on, and all does once there is space', async (t) => {
  const dir = makeDir(t, { sizeMb: 4 })
  const provider = await startTestProvider(t, { dataDir: join(dir, 'data') })
  const { network } = (await addNetwork(provider, 'blue')).body
  const ballast = join(dir, 'ballast')
  assert.throws(() => writeFileSync(ballast, Buffer.alloc(8 * 1024 * 1024)), /ENOSPC/)
  for (const [method, path, body] of [
    ['POST', '/networks', { network: { name: 'red', description: 'x'.repeat(200) } }],
    ['PUT', `/networks/${network.id}`, { network: { name: 'red' } }],
    ['DELETE', `/networks/${network.id}`, undefined],
  ] as const) {
    const { status, body: answer } = await provider.send(method, path, body)
    assert.deepEqual([status, answer?.NeutronError?.type], [503, 'ServiceUnavailable'], method)
    assert.match(answer.NeutronError.message, /^The state could not be written: .*full/)
    assert.deepEqual((await provider.send('GET', `/networks/${network.id}`)).body, { network })
  }
  rmSync(ballast)
  assert.equal((await addNetwork(provider, 'red')).status, 201)
  assert.deepEqual((await namesOf(provider)).sort(), ['blue', 'red'])
})

test('when every tunnel id is taken there is no further network, until one is removed', async (t) => {
  const dataDir = makeDir(t)
  const backend = openEmbeddedBackend({ dataDir, maxMtu: 1450 })
  await backend.write(({ numbers }) => {
    numbers.define('tunnel-ids', [{ first: 7n, last: 8n }])
    numbers.takeAny('tunnel-ids')
  })
  await backend[Symbol.asyncDispose]()
  const provider = await startTestProvider(t, { dataDir })
  const { network } = (await addNetwork(provider, 'blue')).body
  assert.equal(network['provider:segmentation_id'], 8)
  const { status, body } = await addNetwork(provider, 'red')
  assert.deepEqual([status, body.NeutronError.type], [503, 'NoNetworkAvailable'])
  assert.deepEqual(await namesOf(provider), ['blue'])
  assert.equal((await provider.send('DELETE', `/networks/${network.id}`)).status, 204)
  assert.equal((await addNetwork(provider, 'red')).status, 201)
})
