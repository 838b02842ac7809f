// Drivers that are executables, behaving and misbehaving: what the runner makes of each.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { Call, DriverHost, VifDriver } from '../contract.ts'
import { loadDriver } from '../load-driver.ts'

const domxml = '<interface type="bridge"><mac address="02:00:00:00:00:01"/></interface>'
const properties = { vnic_id: 'port-1', provider_type: 'EXTERNAL_NETWORK', plugin_type: 'TEST', vmId: 'vm-1', mtu: '9' }
const call = (phase: Call['phase'], signal = AbortSignal.timeout(20_000)): Call => ({ phase, signal, state: undefined })
const version = `version) echo '{"apiVersions":["1.0","1.1"],"verbs":["plug_device","unplug_device","get_stats","dance"]}' ;;`

interface Bed {
  readonly dir: string
  readonly stateDir: string
  readonly said: string[]
  /** `cases` are those of a shell's `case $1`; the request is in $request. */
  start(cases: string, host?: Partial<DriverHost>): Promise<VifDriver>
}

function bed(t: TestContext): Bed {
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-exec-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const stateDir = join(dir, 'state')
  const said: string[] = []
  const tell = (_fields: object, message: string) => void said.push(message)
  return {
    dir,
    stateDir,
    said,
    start(cases, host = {}) {
      const folder = join(dir, 'driver')
      mkdirSync(folder, { recursive: true })
      const manifest = { name: 'test', version: '1.0', apiVersion: '1.0', pluginTypes: ['TEST'], exec: 'run' }
      writeFileSync(join(folder, 'driver.json'), JSON.stringify(manifest))
      const script = `#!/bin/sh\nrequest=$(cat)\ncase $1 in\n${cases}\nesac\n`
      writeFileSync(join(folder, 'run'), script, { mode: 0o755 })
      const log = { info: tell, warn: tell }
      return loadDriver(folder, { colour: 'blue' }, { hostName: 'h', stateDir, log, callTimeoutMs: 20_000, ...host })
    },
  }
}

const recorded = ({ stateDir }: Bed) => readdirSync(join(stateDir, '.calls'))

/** Bounded. */
async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 30_000
  while (!holds()) {
    assert(performance.now() < deadline, 'it did not come to that')
    await delay(10)
  }
}

const alive = (pid: number) => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

test('a driver gets a request, and its reply comes back; it has the verbs that it says', async (t) => {
  const place = bed(t)
  const { dir, stateDir, said } = place
  const driver = await place.start(`${version}
    plug_device) printf '%s' "$request" > ${dir}/request; pwd > ${dir}/cwd; echo doing >&2
      echo '{"domxml":"<interface/>","state":{"a":1}}' ;;`)
  assert.deepEqual(Object.keys(driver), ['manifest', 'plug_device', 'unplug_device', 'get_stats'])
  const given = { ...call('before'), state: { kept: true } }
  assert.deepEqual(await driver.plug_device(domxml, properties, given), { domxml: '<interface/>', state: { a: 1 } })
  assert.deepEqual(JSON.parse(readFileSync(join(dir, 'request'), 'utf8')), {
    apiVersion: '1.0',
    verb: 'plug_device',
    timeoutMs: 20_000,
    options: { colour: 'blue' },
    host: { hostName: 'h', stateDir },
    phase: 'before',
    domxml,
    properties,
    state: { kept: true },
  })
  assert.equal(readFileSync(join(dir, 'cwd'), 'utf8').trim(), join(dir, 'driver'))
  assert.deepEqual(said, ['doing'])
  assert.deepEqual(recorded(place), [])
})

const failures: [name: string, what: string, kind: string, message: RegExp][] = [
  ['its own error', `echo '{"error":{"code":2,"message":"no such port"}}'; exit 1`, 'port-not-found', /^no such port$/],
  [
    'an error of its own kind',
    `echo '{"error":{"code":117,"message":"a\\\\nb"}}'; exit 9`,
    'internal',
    /^a; b \(code 117\)$/,
  ],
  [
    'a crash',
    'echo oops >&2; kill -SEGV $$',
    'internal',
    /ended by SIGSEGV and answered nothing; stderr ends with: oops/,
  ],
  ['an exit without a word', 'exit 3', 'internal', /exit code 3 and answered nothing$/],
  ['success without an answer', 'exit 0', 'internal', /exit code 0 and answered nothing$/],
  ['garbage', `printf '\\000\\377garbage'`, 'internal', /its answer is no JSON object/],
  ['a list', 'echo []', 'internal', /its answer is no JSON object: "\[\]"/],
  ['an error with success', `echo '{"error":{"code":1}}'`, 'internal', /exit code 0 and yet answered an error/],
  ['success with failure', 'echo {}; exit 4', 'internal', /exit code 4 and answered no error/],
  ['an answer without end', 'exec cat /dev/zero', 'internal', /answered more than 1048576 bytes and was killed/],
]

for (const [name, what, kind, message] of failures)
  test(`${name} is ${kind}`, async (t) => {
    const place = bed(t)
    const driver = await place.start(`${version}\nplug_device) ${what} ;;`)
    await assert.rejects(driver.plug_device(domxml, properties, call('before')), { name: 'DriverError', kind, message })
    assert.deepEqual(recorded(place), [])
  })

test('stderr without end does no harm, and its lines are cut', async (t) => {
  const { said, start } = bed(t)
  const driver = await start(`${version}\nplug_device) head -c 3000000 /dev/zero | tr '\\000' x >&2; echo {} ;;`)
  await driver.plug_device(domxml, properties, call('before'))
  assert(said.length > 0 && said.every((line) => line.length <= 2_000))
})

test('of a driver that talks on and on, some lines are told, and how many more there were', async (t) => {
  const { said, start } = bed(t)
  const driver = await start(`${version}\nplug_device) seq 5000 >&2; echo {} ;;`)
  await driver.plug_device(domxml, properties, call('before'))
  assert.equal(said.length, 201)
  assert.deepEqual([said[0], said.at(-1)], ['1', 'and 4800 more lines'])
})

test('a driver that does not read its request is no trouble', async (t) => {
  const { dir, start } = bed(t)
  await start(version)
  writeFileSync(join(dir, 'driver/run'), `#!/bin/sh\nexec 0<&-\necho '{"apiVersions":["1.0"],"verbs":[]}'\n`)
  const log = { info() {}, warn() {} }
  const driver = await loadDriver(
    join(dir, 'driver'),
    { long: 'x'.repeat(1_000_000) },
    { hostName: 'h', stateDir: dir, log },
  )
  assert.deepEqual(Object.keys(driver), ['manifest'])
})

test('a driver that hangs is told to end, and killed with its children when it does not', async (t) => {
  const place = bed(t)
  const driver = await place.start(`${version}
    plug_device) trap 'echo told > ${place.dir}/told' TERM; sh -c 'trap "" TERM; echo $$ > ${place.dir}/child; sleep 600' &
      echo waiting >&2; while :; do wait; done ;;`)
  const over = new AbortController()
  const plugging = driver.plug_device(domxml, properties, call('before', over.signal))
  plugging.catch(() => {})
  await until(() => existsSync(join(place.dir, 'child')) && place.said.includes('waiting'))
  over.abort()
  const message = /longer than the time for this call and was killed; stderr ends with: waiting/
  await assert.rejects(plugging, { kind: 'timeout', message })
  assert(existsSync(join(place.dir, 'told')))
  await until(() => !alive(Number(readFileSync(join(place.dir, 'child'), 'utf8'))))
  assert.deepEqual(recorded(place), [])
})

test('reports have the bound of a call too', async (t) => {
  const { start } = bed(t)
  const driver = await start(`${version}\nget_stats) exec sleep 600 ;;`, { callTimeoutMs: 2_000 })
  await assert.rejects(driver.get_stats!({}, properties, undefined), { kind: 'timeout' })
})

test('a process left behind that holds stdout is the reason that is told', async (t) => {
  const { dir, start } = bed(t)
  const driver = await start(`${version}\nplug_device) echo $$ > ${dir}/pid; sleep 600 & echo {} ;;`)
  const over = new AbortController()
  const message = /it ended, but left a process behind that keeps its stdout or stderr open/
  const plugging = driver.plug_device(domxml, properties, call('before', over.signal))
  const told = assert.rejects(plugging, { kind: 'timeout', message })
  const pid = () => (existsSync(join(dir, 'pid')) ? readFileSync(join(dir, 'pid'), 'utf8').trim() : '')
  // Not even a zombie: whoever waits for it has heard of its end.
  await until(() => pid() !== '' && !existsSync(`/proc/${pid()}`))
  over.abort()
  await told
})

test('the unplug of a plug that was aborted begins when the plug has ended', async (t) => {
  const { dir, start } = bed(t)
  const driver = await start(`${version}
    plug_device) trap 'echo plug ends >> ${dir}/order; exit 1' TERM; echo > ${dir}/begun; while :; do sleep 0.01; done ;;
    unplug_device) echo unplug >> ${dir}/order; echo {} ;;`)
  const over = new AbortController()
  const plugging = driver.plug_device(domxml, properties, call('before', over.signal)).catch(() => {})
  await until(() => existsSync(join(dir, 'begun')))
  over.abort()
  await Promise.all([driver.unplug_device(domxml, properties, call('after')), plugging])
  assert.equal(readFileSync(join(dir, 'order'), 'utf8'), 'plug ends\nunplug\n')
})

test('what an earlier agent left running is ended before the driver is called again', async (t) => {
  const { dir, stateDir, start } = bed(t)
  const hanging = `${version}\nplug_device) echo $$ > ${dir}/pid; exec sleep 600 ;;`
  const driver = await start(hanging)
  const over = new AbortController()
  const plugging = driver.plug_device(domxml, properties, call('before', over.signal)).catch((error) => error)
  await until(() => existsSync(join(dir, 'pid')) && readFileSync(join(dir, 'pid'), 'utf8') !== '')
  const pid = Number(readFileSync(join(dir, 'pid'), 'utf8'))
  assert.deepEqual(
    readdirSync(join(stateDir, '.calls')).map((name) => name.split('-')[0]),
    [String(pid)],
  )
  await start(hanging)
  assert(!alive(pid))
  assert.deepEqual(readdirSync(join(stateDir, '.calls')), [])
  over.abort()
  assert((await plugging) instanceof Error)
})

test('a call that cannot be put on record is not made', async (t) => {
  const { dir, stateDir, start } = bed(t)
  const driver = await start(`${version}\nplug_device) [ -z "$request" ] || echo > ${dir}/acted; echo {} ;;`)
  rmSync(join(stateDir, '.calls'), { recursive: true })
  writeFileSync(join(stateDir, '.calls'), '')
  const message = /^the call cannot be put on record: ENOTDIR/
  await assert.rejects(driver.plug_device(domxml, properties, call('before')), { kind: 'host-setup', message })
  assert(!existsSync(join(dir, 'acted')))
})

test('a pid on record that is another process now is left alone', async (t) => {
  const { stateDir, start } = bed(t)
  mkdirSync(join(stateDir, '.calls'), { recursive: true })
  writeFileSync(join(stateDir, '.calls', `${process.pid}-1`), '')
  await start(version)
  assert.deepEqual(readdirSync(join(stateDir, '.calls')), [])
})

test('a driver that cannot be used is refused, with the reason', async (t) => {
  const { dir, start } = bed(t)
  await assert.rejects(start(`version) echo '{"apiVersions":["2.0"],"verbs":[]}' ;;`), {
    message: 'it speaks versions ["2.0"] of the VIF driver API, this host 1.0',
  })
  await assert.rejects(start(`version) echo '{"error":{"code":1,"message":"options: bridge"}}'; exit 1 ;;`), {
    message: 'options: bridge',
  })
  const manifest = { name: 'test', version: '1.0', apiVersion: '1.0', pluginTypes: ['TEST'], exec: 'run' }
  const load = (text: string) => {
    writeFileSync(join(dir, 'driver/driver.json'), text)
    return loadDriver(join(dir, 'driver'), {}, { hostName: 'h', stateDir: dir, log: { info() {}, warn() {} } })
  }
  const wrong: [object, RegExp][] = [
    [{ name: '../x' }, /driver\.json: name must be/],
    [{ version: 1 }, /driver\.json: version must be/],
    [{ apiVersion: '2.0' }, /driver\.json: apiVersion must be "1\.0", not "2\.0"/],
    [{ pluginTypes: [] }, /driver\.json: pluginTypes must be/],
    [{ exec: '../run' }, /driver\.json: exec must be the path of the executable, below this folder/],
    [{ exec: '/bin/sh' }, /driver\.json: exec must be/],
    [{ exec: 'missing' }, /driver\.json: exec: .*missing is not there/],
    [{ exec: 'driver.json' }, /driver\.json: exec: .*may not be executed/],
  ]
  for (const [change, message] of wrong)
    await assert.rejects(load(JSON.stringify({ ...manifest, ...change })), { message })
  await assert.rejects(load('{'), { message: /driver\.json: .*JSON/ })
  await assert.rejects(load('[]'), { message: /driver\.json: an object was expected/ })
  writeFileSync(join(dir, 'driver/run'), '#!/no/such/interpreter\n')
  const message = /cannot be started \(ENOENT\): is the interpreter of its first line installed\?/
  await assert.rejects(load(JSON.stringify(manifest)), { kind: 'host-setup', message })
})
