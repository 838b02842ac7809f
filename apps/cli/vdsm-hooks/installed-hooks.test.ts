// Drivers installed as hook scripts: the scripts run as VDSM runs them, by the agent's hook runner.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { readDriverPackage } from '@patchbay/vif-driver/exec/driver-package.ts'
import { hookPoints } from '../../agent/hooks/hook-points.ts'
import { createHookRunner } from '../../agent/hooks/hook-runner.ts'
import { hookingPath, withoutPython } from '../../agent/hooks/hook-test-bed.ts'
import { installedHooks, installHooks, pointsOf, uninstallHooks } from './hook-installation.ts'
import { driverHookPoints } from './hook-points.ts'

const allVerbs = ['plug_device', 'unplug_device', 'get_caps', 'get_stats']
const nicXml = `<?xml version='1.0' encoding='utf-8'?>
<interface type="bridge"><mac address="02:00:00:00:00:01"/><source bridge="blue"/></interface>`
const plugged = '<interface type="bridge"><mac address="02:00:00:00:00:01"/><source bridge="red"/></interface>'
const params = { vnic_id: 'port/1', provider_type: 'EXTERNAL_NETWORK', plugin_type: 'TEST', security_groups: 'a,b' }
const vm = { vmId: 'vm-1', custom: { colour: 'größer' } }

function bed(t: TestContext, { verbs = allVerbs, timeoutMs = 20_000 } = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-installed-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const source = join(dir, 'source')
  mkdirSync(source)
  mkdirSync(join(dir, 'do'))
  const manifest = { name: 'test', version: '1.0', apiVersion: '1.0', pluginTypes: ['TEST'], exec: 'run' }
  writeFileSync(join(source, 'driver.json'), JSON.stringify(manifest))
  writeFileSync(join(source, 'run'), script(dir), { mode: 0o755 })
  const host = {
    root: '/',
    hooksDir: join(dir, 'hooks'),
    libexecDir: join(dir, 'libexec'),
    sudoersDir: join(dir, 'sudoers.d'),
    runDir: join(dir, 'run'),
  }
  const points = installHooks(host, readDriverPackage(source), { verbs, options: { a: 1 }, timeoutMs })
  const said: string[] = []
  const tell = (_fields: object, message: string) => void said.push(message)
  const logger = { info() {}, warn: tell, error: tell }
  const tmpDir = join(dir, 'data')
  mkdirSync(tmpDir)
  const runner = createHookRunner({ hooksRoot: host.hooksDir, hookingPath, tmpDir, runDir: host.runDir, logger })
  const requests = () =>
    (existsSync(join(dir, 'journal')) ? readFileSync(join(dir, 'journal'), 'utf8').trim().split('\n') : []).map(
      (line) => JSON.parse(line) as Record<string, any>,
    )
  return {
    dir,
    host,
    points,
    said,
    runner,
    requests,
    /** Verb and phase of each call. */
    calls: () => requests().map(({ verb, phase }) => (phase ? `${verb}.${phase}` : verb)),
    behave: (call: string, commands: string) => writeFileSync(join(dir, 'do', call), commands),
    kept: () => {
      const nics = join(host.runDir, 'patchbay/test/nics')
      return existsSync(nics) ? readdirSync(nics) : []
    },
    /** A hook point at which VDSM hands an empty file. */
    fire: (point: Parameters<typeof runner.runXml>[0], xml?: string) => runner.runXml(point, xml, { params, vm }),
  }
}

/** Writes down its requests; answers what is at `do/VERB.PHASE`, or else what a driver that changes the bridge would. */
const script = (dir: string) => `#!/bin/sh
request=$(cat)
printf '%s\\n' "$request" >> ${dir}/journal
phase=$(printf '%s' "$request" | sed -n 's/.*"phase": "\\([a-z]*\\)".*/\\1/p')
[ -e "${dir}/do/$1.$phase" ] && . "${dir}/do/$1.$phase"
case $1.$phase in
  plug_device.before) echo '{"domxml":"${plugged.replaceAll('"', '\\"')}","state":{"n":1}}' ;;
  get_caps.) echo '{"caps":{"mine":true}}' ;;
  get_stats.) echo '{"stats":{"vmId":"vm-1","mine":true}}' ;;
  *) echo '{}' ;;
esac
`

test('every hook point that is used is one that the agent fires, and a script is there', {
  skip: withoutPython,
}, (t) => {
  const { host, points } = bed(t)
  assert.deepEqual(points, Object.keys(driverHookPoints))
  assert.deepEqual([...points].sort(), pointsOf(host, 'test'))
  assert.deepEqual(
    points.filter((point) => !(point in hookPoints)),
    [],
  )
})

test('a NIC is plugged and unplugged, with what was answered kept meanwhile', { skip: withoutPython }, async (t) => {
  const { fire, requests, calls, kept } = bed(t)
  assert.equal(await fire('before_nic_hotplug', nicXml), plugged)
  await fire('after_nic_hotplug', nicXml)
  await fire('before_nic_hotunplug', '<interface type="bridge"/>')
  assert.deepEqual(kept(), ['vm-1,port%2F1.json'])
  await fire('after_nic_hotunplug', '<interface type="bridge"/>')
  assert.deepEqual(calls(), ['plug_device.before', 'plug_device.after', 'unplug_device.before', 'unplug_device.after'])
  assert.deepEqual(kept(), [])
  const [first, second, , last] = requests()
  assert.partialDeepStrictEqual(first, {
    apiVersion: '1.0',
    timeoutMs: 20_000,
    options: { a: 1 },
    domxml: '<interface type="bridge"><mac address="02:00:00:00:00:01"/><source bridge="blue"/></interface>',
    properties: { ...params, ...vm.custom, vmId: 'vm-1' },
  })
  assert(!('state' in first!) && !('PATH' in first!.properties) && !('_hook_domxml' in first!.properties))
  for (const later of [second, last]) {
    assert.equal(later!.domxml, plugged)
    assert.deepEqual(later!.state, { n: 1 })
  }
})

test('a VM starts and ends although VDSM hands over empty files', { skip: withoutPython }, async (t) => {
  const { fire, runner, calls, kept, said } = bed(t)
  assert.equal(await fire('before_device_create', nicXml), plugged)
  await fire('after_device_create')
  await fire('before_device_destroy')
  await runner.runXml('after_vm_destroy', '<domain/>', { vm })
  await fire('after_device_destroy')
  assert.deepEqual(calls(), ['plug_device.before', 'plug_device.after', 'unplug_device.before', 'unplug_device.after'])
  assert.deepEqual([kept(), said], [[], []])
})

test('a VM that did not start releases its NICs when it is destroyed', { skip: withoutPython }, async (t) => {
  const { fire, runner, calls, kept } = bed(t)
  await fire('before_device_create', nicXml)
  await runner.runXml('after_vm_destroy', undefined, { vm: { ...vm, vmId: 'vm' } })
  assert.equal(kept().length, 1, 'another VM whose id begins alike')
  await runner.runXml('after_vm_destroy', undefined, { vm })
  assert.deepEqual(calls(), ['plug_device.before', 'unplug_device.after'])
  assert.deepEqual(kept(), [])
})

test('a plug that fails is told and undone at once, as VDSM calls no hook then', { skip: withoutPython }, async (t) => {
  const { fire, behave, calls, kept } = bed(t)
  behave('plug_device.before', `echo '{"error":{"code":2,"message":"no such port"}}'; exit 1`)
  const stderr = 'driver test, plug_device (before): no such port\n'
  await assert.rejects(fire('before_nic_hotplug', nicXml), { name: 'HookError', rc: 2, stderr })
  assert.deepEqual(calls(), ['plug_device.before', 'unplug_device.after'])
  assert.deepEqual(kept(), [])
})

const failures: [what: string, commands: string, stderr: RegExp][] = [
  ['crashes', 'echo broken >&2; kill -SEGV $$', /^broken\n.*it ended with -11 and answered b''/],
  ['writes garbage', 'echo garbage; exit 0', /it ended with 0 and answered b'garbage\\n'/],
  ['fills its output', 'exec cat /dev/zero', /it answered more than 1048576 bytes and was killed/],
  ['answers another NIC', `echo '{"domxml":"<interface/>"}'; exit 0`, /driver test answered another NIC/],
  ['answers no XML', `echo '{"domxml":"<interf"}'; exit 0`, /driver test answered no XML/],
  ['hangs', 'exec sleep 600', /it took longer than 2 s and was killed/],
]
for (const [what, commands, stderr] of failures)
  test(`a driver that ${what} keeps the NIC from being plugged`, { skip: withoutPython }, async (t) => {
    const { fire, behave, calls, kept } = bed(t, { timeoutMs: 2_000 })
    behave('plug_device.before', commands)
    await assert.rejects(fire('before_nic_hotplug', nicXml), { name: 'HookError', rc: 2, stderr })
    assert.equal(calls().at(-1), 'unplug_device.after')
    assert.deepEqual(kept(), [])
  })

test('a NIC that cannot be put on record is not plugged', { skip: withoutPython }, async (t) => {
  const { host, fire, calls } = bed(t)
  mkdirSync(join(host.runDir, 'patchbay/test'), { recursive: true })
  writeFileSync(join(host.runDir, 'patchbay/test/nics'), '')
  await assert.rejects(fire('before_nic_hotplug', nicXml), {
    rc: 2,
    stderr: /^the NIC cannot be put on record: .*nics/,
  })
  assert.deepEqual(calls(), [])
})

test('a hot unplug may be refused, the end of a VM may not', { skip: withoutPython }, async (t) => {
  const { fire, behave, kept } = bed(t)
  await fire('before_nic_hotplug', nicXml)
  behave('unplug_device.before', `echo '{"error":{"code":7,"message":"stay"}}'; exit 1`)
  await assert.rejects(fire('before_nic_hotunplug', nicXml), { rc: 2, stderr: /stay/ })
  await fire('before_device_destroy')
  assert.equal(kept().length, 1)
})

test('what could not be released is kept, and tried again', { skip: withoutPython }, async (t) => {
  const { dir, fire, behave, kept, said } = bed(t)
  await fire('before_nic_hotplug', nicXml)
  behave('unplug_device.after', `echo '{"error":{"code":4,"message":"busy"}}'; exit 1`)
  await fire('after_nic_hotunplug', nicXml)
  assert.equal(kept().length, 1)
  assert.match(said.join('\n'), /busy/)
  rmSync(join(dir, 'do/unplug_device.after'))
  await fire('after_vm_destroy')
  assert.deepEqual(kept(), [])
})

test('failed plugs and unplugs are undone by the inverse verb', { skip: withoutPython }, async (t) => {
  const { fire, calls } = bed(t)
  await fire('before_nic_hotplug', nicXml)
  await fire('after_nic_hotunplug_fail', nicXml)
  await fire('after_nic_hotplug_fail', nicXml)
  assert.deepEqual(calls(), ['plug_device.before', 'plug_device.after', 'unplug_device.after'])
})

test('a VM moves: with the verbs of migration, or the others without them', { skip: withoutPython }, async (t) => {
  for (const [verbs, leave, arrive] of [
    [allVerbs, 'unplug_device', 'plug_device'],
    [[...allVerbs, 'migration_source', 'migration_destination'], 'migration_source', 'migration_destination'],
  ] as const) {
    const { fire, calls, kept } = bed(t, { verbs: [...verbs] })
    await fire('before_device_migrate_destination', nicXml)
    await fire('after_device_migrate_destination', nicXml)
    await fire('before_device_migrate_source')
    await fire('after_device_migrate_source_fail')
    await fire('before_device_migrate_source')
    await fire('after_device_migrate_source')
    const moves = [`${arrive}.before`, `${arrive}.after`, `${leave}.before`, 'plug_device.after']
    assert.deepEqual(calls(), [...moves, `${leave}.before`, `${leave}.after`])
    assert.deepEqual(kept(), [])
  }
})

test('capabilities and statistics go through the driver', { skip: withoutPython }, async (t) => {
  const { fire, runner, requests } = bed(t)
  assert.deepEqual(await runner.runJson('after_get_caps', { a: 1 }), { mine: true })
  assert.deepEqual(requests()[0]!.caps, { a: 1 })
  await fire('before_nic_hotplug', nicXml)
  const stats = [{ vmId: 'vm-1' }, { vmId: 'vm-2' }]
  assert.deepEqual(await runner.runJson('after_get_all_vm_stats', stats), [
    { vmId: 'vm-1', mine: true },
    { vmId: 'vm-2' },
  ])
})

test("another driver's NICs, and devices that are none, are left alone", { skip: withoutPython }, async (t) => {
  const { runner, calls } = bed(t)
  const others: Record<string, string>[] = [
    { vnic_id: 'p', plugin_type: 'OTHER' },
    { plugin_type: 'TEST' },
    { extnet: 'x' },
  ]
  for (const params of others) assert.equal(await runner.runXml('before_nic_hotplug', nicXml, { params, vm }), nicXml)
  const hostdev = '<hostdev/>'
  assert.equal(await runner.runXml('before_device_create', hostdev, { params, vm }), hostdev)
  assert.deepEqual(calls(), [])
})

test('a driver is replaced, listed and uninstalled, the last not while it has NICs', {
  skip: withoutPython,
}, async (t) => {
  const { dir, host, fire } = bed(t)
  const other = { verbs: ['plug_device', 'unplug_device'], options: {}, timeoutMs: 1_000 }
  const points = installHooks(host, readDriverPackage(join(dir, 'source')), other)
  assert(!points.includes('after_get_caps'))
  assert.deepEqual(pointsOf(host, 'test'), [...points].sort())
  assert.deepEqual(
    installedHooks(host).map(({ name, verbs }) => [name, verbs]),
    [['test', other.verbs]],
  )
  assert.equal(statSync(join(host.libexecDir, 'test/installation.json')).mode & 0o777, 0o640)
  assert.equal(
    readFileSync(join(host.sudoersDir, '50_patchbay_test'), 'utf8'),
    `vdsm ALL=(root) NOPASSWD: ${host.libexecDir}/test/driver/run\n`,
  )
  await fire('before_nic_hotplug', nicXml)
  assert.throws(() => uninstallHooks(host, 'test'), { message: /has 1 NICs plugged on this host/ })
  await fire('after_nic_hotunplug', nicXml)
  uninstallHooks(host, 'test')
  assert.deepEqual([pointsOf(host, 'test'), installedHooks(host), readdirSync(host.sudoersDir)], [[], [], []])
  assert.throws(() => uninstallHooks(host, 'test'), { message: /no driver test is installed/ })
})
