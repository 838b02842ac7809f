// Packages on a host: installed whole or not at all, replaced under calls, taken up again after any end.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { sha256 } from '@patchbay/vif-driver/package-file/contents.ts'
import { packDriver } from '@patchbay/vif-driver/package-file/pack-driver.ts'
import { until } from '../../../lab/until.ts'
import { createRegistry } from '../drivers/driver-registry.ts'
import { createDriverPackages, type DriverPackages } from './driver-packages.ts'

const publisher = generateKeyPairSync('ed25519')
const stranger = generateKeyPairSync('ed25519')

interface Version {
  readonly name?: string
  readonly version?: string
  readonly type?: string
  /** Shell commands at the verb `version`, and at each plug. */
  readonly atStart?: string
  readonly atPlug?: string
  readonly key?: KeyObject
}

function bed(t: TestContext) {
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-packages-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const used = new Set<string>()
  let made = 0
  return {
    dir,
    used,
    /** The agent of this host, in one of its lives. */
    life(signers?: KeyObject[]) {
      const drivers = createRegistry()
      const packages = createDriverPackages({
        dir: join(dir, 'host'),
        registry: drivers,
        signers,
        hostFor: (name) => ({ hostName: 'h', stateDir: join(dir, 'state', name), log: { info() {}, warn() {} } }),
        isUsed: (name) => used.has(name),
        log: { error() {}, info() {} },
      })
      return { drivers, packages }
    },
    async pack({ name = 'acme', version = '1.0.0', type = 'ACME', atStart = '', atPlug = '', key }: Version = {}) {
      const folder = join(dir, `driver-${made++}`)
      mkdirSync(folder)
      const manifest = { name, version, apiVersion: '1.0', pluginTypes: [type], exec: 'run' }
      writeFileSync(join(folder, 'driver.json'), JSON.stringify(manifest))
      const script = `#!/bin/sh
        cat >/dev/null
        case $1 in
          version) ${atStart || ':'}; echo '{"apiVersions":["1.0"],"verbs":["plug_device","unplug_device"]}' ;;
          *) ${atPlug || ':'}; echo '{"state":{"by":"${version}"}}' ;;
        esac`
      writeFileSync(join(folder, 'run'), script, { mode: 0o755 })
      const { bytes } = await packDriver(folder, key ?? publisher.privateKey)
      return { bytes, digest: sha256(bytes) }
    },
  }
}

const request = (digest: string, options = {}) => ({ digest, options, signers: [publisher.publicKey] })

async function deliver(packages: DriverPackages, { bytes, digest }: { bytes: Buffer; digest: string }, options = {}) {
  assert.equal(packages.receive(digest, 0, bytes.subarray(0, 100)), 100)
  assert.equal(await packages.install(request(digest, options)), 100)
  assert.equal(packages.receive(digest, 50, bytes), 100, 'a part that does not follow is not taken')
  assert.equal(packages.receive(digest, 100, bytes.subarray(100)), bytes.length)
  assert.equal(await packages.install(request(digest, options)), undefined)
}

const call = { phase: 'before', state: undefined, signal: new AbortController().signal } as const
const properties = { vnic_id: 'p', provider_type: 'EXTERNAL_NETWORK', plugin_type: 'ACME', vmId: 'v' }
const plug = (drivers: ReturnType<typeof createRegistry>) =>
  drivers.byName('acme')!.plug_device('<interface/>', properties, call)

test('a package that arrives in parts is in use when it is installed, and again after the agent has ended', async (t) => {
  const { life, pack } = bed(t)
  const { packages, drivers } = life()
  const packed = await pack()
  await deliver(packages, packed)
  assert.deepEqual(drivers.byPluginType('ACME')?.manifest.version, '1.0.0')
  assert.deepEqual((await plug(drivers)).state, { by: '1.0.0' })
  const later = life()
  await later.packages.start()
  assert.deepEqual((await plug(later.drivers)).state, { by: '1.0.0' })
  assert.deepEqual(
    later.packages.report().map(({ name, version, digest, error }) => ({ name, version, digest, error })),
    [{ name: 'acme', version: '1.0.0', digest: packed.digest, error: undefined }],
  )
})

test('a new version takes the place of the old one, and the old one can come back without being sent', async (t) => {
  const { life, pack } = bed(t)
  const { packages, drivers } = life()
  const [one, two] = [await pack(), await pack({ version: '2.0.0' })]
  await deliver(packages, one)
  await deliver(packages, two)
  assert.deepEqual((await plug(drivers)).state, { by: '2.0.0' })
  assert.equal(await packages.install(request(one.digest)), undefined)
  assert.deepEqual((await plug(drivers)).state, { by: '1.0.0' })
  assert.equal(drivers.drivers.length, 1)
})

test('a change waits for the calls under way, and calls that come meanwhile reach the new version', async (t) => {
  const { life, pack, dir } = bed(t)
  const { packages, drivers } = life()
  const fifo = join(dir, 'go')
  execFileSync('mkfifo', [fifo])
  await deliver(packages, await pack({ atPlug: `echo >${join(dir, 'begun')}; read go <${fifo}` }))
  const underWay = plug(drivers)
  assert.ok(await until(() => existsSync(join(dir, 'begun')), 30_000))
  const two = await pack({ version: '2.0.0' })
  packages.receive(two.digest, 0, two.bytes)
  const installing = packages.install(request(two.digest))
  const recorded = () => JSON.parse(readFileSync(join(dir, 'host/installed.json'), 'utf8'))[0].version === '2.0.0'
  assert.ok(await until(recorded, 30_000))
  const meanwhile = plug(drivers)
  writeFileSync(fifo, 'go\n')
  assert.deepEqual((await underWay).state, { by: '1.0.0' })
  await installing
  assert.deepEqual((await meanwhile).state, { by: '2.0.0' })
})

test('what is refused leaves everything as it was, also on the disk', async (t) => {
  const { life, pack, dir } = bed(t)
  const { packages, drivers } = life()
  await deliver(packages, await pack())
  const files = () => readdirSync(join(dir, 'host'), { recursive: true }).sort()
  const before = files()
  const other = await pack({ name: 'other' })
  const refused: [Promise<{ bytes: Buffer; digest: string }>, RegExp][] = [
    [pack({ version: '2.0.0', key: stranger.privateKey }), /no publisher that is trusted/],
    [pack({ version: '2.0.0', atStart: 'exit 1' }), /./],
    [Promise.resolve(other), /acme and other both serve ACME/],
    [Promise.resolve({ bytes: Buffer.from('x'), digest: sha256(Buffer.from('x')) }), /not gzipped/],
  ]
  for (const [packed, message] of refused) {
    const { bytes, digest } = await packed
    packages.receive(digest, 0, bytes)
    await assert.rejects(packages.install(request(digest)), message)
    assert.deepEqual(files(), before)
    assert.deepEqual((await plug(drivers)).state, { by: '1.0.0' })
  }
})

test("a host's own list of publishers wins over the engine's", async (t) => {
  const { life, pack } = bed(t)
  const { packages } = life([stranger.publicKey])
  const [ours, theirs] = [await pack(), await pack({ key: stranger.privateKey })]
  packages.receive(ours.digest, 0, ours.bytes)
  await assert.rejects(packages.install(request(ours.digest)), /no publisher that is trusted/)
  await deliver(packages, theirs)
})

test('a driver is removed, unless a NIC is its', async (t) => {
  const { life, pack, used, dir } = bed(t)
  const { packages, drivers } = life()
  await deliver(packages, await pack())
  used.add('acme')
  await assert.rejects(packages.remove('acme'), /NICs of VMs are connected by acme: unplug them first/)
  assert.ok(drivers.byName('acme'))
  used.clear()
  await packages.remove('acme')
  await packages.remove('acme')
  assert.equal(drivers.byName('acme'), undefined)
  assert.deepEqual(readdirSync(join(dir, 'host/drivers')), [])
  assert.deepEqual(life().packages.report(), [])
})

test('what an end of the agent left half-done is cleared, and a driver that is broken now is reported', async (t) => {
  const { life, pack, dir } = bed(t)
  const { packages } = life()
  const packed = await pack()
  await deliver(packages, packed)
  mkdirSync(join(dir, 'host/drivers/abc.new'))
  writeFileSync(join(dir, 'host/arrivals/abc'), 'half')
  writeFileSync(join(dir, 'host/drivers', packed.digest, 'run'), '#!/bin/sh\nexit 3\n')
  const later = life()
  await later.packages.start()
  assert.deepEqual(readdirSync(join(dir, 'host/drivers')), [packed.digest])
  assert.deepEqual(readdirSync(join(dir, 'host/arrivals')), [])
  assert.match(later.packages.report()[0]!.error!, /./)
  assert.equal(later.drivers.byName('acme'), undefined)
})

test('more than the bound is not taken', (t) => {
  const { packages } = bed(t).life()
  const mebibyte = Buffer.alloc(1024 * 1024)
  const digest = 'a'.repeat(64)
  for (let n = 0; n < 64; n++) packages.receive(digest, n * mebibyte.length, mebibyte)
  assert.throws(() => packages.receive(digest, 64 * mebibyte.length, mebibyte), /at most 67108864 bytes/)
})
