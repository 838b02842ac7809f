import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { HookError } from './hook-error.ts'
import { createHookTestBed, sh } from './hook-test-bed.ts'

const nic = '<interface type="bridge"><source bridge="extnet1"/></interface>'
const vm = { vmId: 'vm1', custom: {} }

test('without scripts the payload comes back untouched and no data file is made', async (t) => {
  const { runner } = await createHookTestBed(t, { tmpDir: '/nonexistent' })
  const caps = { date: new Date(0) }
  assert.equal(await runner.runXml('before_nic_hotplug', nic), nic)
  assert.equal(await runner.runXml('after_device_create', undefined), undefined)
  assert.equal(await runner.runJson('after_get_caps', caps), caps)
})

test('scripts run one after the other in byte order on one data file, in one environment', async (t) => {
  const { runner, install } = await createHookTestBed(t)
  await install('before_nic_hotplug', '20_b', sh('printf " b:$vnic_id:$vmId" >>"$_hook_domxml"'))
  await install('before_nic_hotplug', '10_a', sh('sleep 0.05; printf " a:$vnic_id:$vmId" >>"$_hook_domxml"'))
  const xml = await runner.runXml('before_nic_hotplug', '<x/>', { params: { vnic_id: 'p1' }, vm })
  assert.equal(xml, '<x/> a:p1:vm1 b:p1:vm1')
})

test('a shell hook rewrites the interface, in UTF-8', async (t) => {
  const { runner, install } = await createHookTestBed(t)
  await install('before_device_create', '50_bridge', sh('sed -i "s/extnet1/brücke/" "$_hook_domxml"'))
  const xml = await runner.runXml('before_device_create', nic, { vm })
  assert.equal(xml, '<interface type="bridge"><source bridge="brücke"/></interface>')
})

test('a hook may put another file in the place of the data file', async (t) => {
  const { runner, install } = await createHookTestBed(t)
  const rename = sh('printf "<new/>" >"$_hook_domxml.new"', 'mv "$_hook_domxml.new" "$_hook_domxml"')
  await install('before_device_create', '50_rename', rename)
  assert.equal(await runner.runXml('before_device_create', nic, { vm }), '<new/>')
})

test('the data file can be read by its owner only and holds nothing for a point without payload', async (t) => {
  const { dir, runner, install } = await createHookTestBed(t)
  await install('before_vm_destroy', 'hook', sh(`stat -c "%a %s" "$_hook_domxml" >${dir}/seen`))
  assert.equal(await runner.runXml('before_vm_destroy', undefined, { vm }), undefined)
  assert.equal(await readFile(join(dir, 'seen'), 'utf8'), '600 0\n')
})

test('a device without XML comes back as an empty text once scripts ran', async (t) => {
  const { runner, install } = await createHookTestBed(t)
  await install('before_device_create', 'hook', sh())
  assert.equal(await runner.runXml('before_device_create', undefined, { vm }), '')
})

test('JSON reaches the scripts in ASCII, and they can change it', async (t) => {
  const { dir, runner, install } = await createHookTestBed(t)
  await install('after_get_caps', 'hook', sh(`cp "$_hook_json" ${dir}/seen`, 'printf \'{"b":["ü"]}\' >"$_hook_json"'))
  assert.deepEqual(await runner.runJson('after_get_caps', { a: 'ü🔌' }), { b: ['ü'] })
  assert.equal(await readFile(join(dir, 'seen'), 'utf8'), String.raw`{"a":"\u00fc\ud83d\udd0c"}`)
})

test('edits are dropped where the output of the hook point is not used', async (t) => {
  const { runner, install } = await createHookTestBed(t)
  await install('before_nic_hotunplug', 'hook', sh('echo edited >"$_hook_domxml"'))
  await install('before_get_caps', 'hook', sh('echo \'{"edited":true}\' >"$_hook_json"'))
  assert.equal(await runner.runXml('before_nic_hotunplug', nic, { vm }), nic)
  assert.deepEqual(await runner.runJson('before_get_caps', {}), {})
})

test('every script is logged with its return code and its stderr', async (t) => {
  const { runner, install, log } = await createHookTestBed(t)
  const script = await install('before_nic_hotplug', 'hook', sh('echo "it\'s done" >&2'))
  await runner.runXml('before_nic_hotplug', nic, { vm })
  assert.deepEqual(log, [String.raw`info ${script}: rc=0 err=b"it's done\n"`])
})

test('a caller may have its hooks logged with its request', async (t) => {
  const { runner, install, log } = await createHookTestBed(t)
  await install('after_nic_hotplug', 'hook', sh())
  const lines: string[] = []
  const line = (_: object, message: string) => void lines.push(message)
  await runner.runXml('after_nic_hotplug', nic, { vm, logger: { info: line, warn: line, error: line } })
  assert.deepEqual([lines.length, log.length], [1, 0])
})

test('after return code 1 the other scripts still run, then the operation fails with the failed one', async (t) => {
  const { runner, install, log } = await createHookTestBed(t)
  const failing = await install('before_nic_hotplug', '10_fails', sh('echo "port P not found" >&2', 'exit 1'))
  await install('before_nic_hotplug', '20_works', sh('echo fine >&2', 'printf "<left/>" >"$_hook_domxml"'))
  await assert.rejects(runner.runXml('before_nic_hotplug', nic, { vm }), (error) => {
    assert.ok(error instanceof HookError)
    assert.equal(error.message, String.raw`Hook Error: (b'port P not found\n',)`)
    const { point, script, rc, stderr, output } = error
    assert.deepEqual(
      [point, script, rc, stderr, output],
      ['before_nic_hotplug', failing, 1, 'port P not found\n', '<left/>'],
    )
    return true
  })
  assert.deepEqual(
    log.map((line) => line.replace(/ .*\//, ' ')),
    [String.raw`info 10_fails: rc=1 err=b'port P not found\n'`, String.raw`info 20_works: rc=0 err=b'fine\n'`],
  )
})

test('after return code 2 no other script runs', async (t) => {
  const { runner, install, log } = await createHookTestBed(t)
  await install('before_vm_migrate_source', '10_veto', sh('exit 2'))
  await install('before_vm_migrate_source', '20_never', sh('exit 0'))
  await assert.rejects(runner.runXml('before_vm_migrate_source', '<domain/>', { vm }), {
    name: 'HookError',
    rc: 2,
    message: "Hook Error: (b'',)",
  })
  assert.equal(log.length, 1)
})

test('any other return code is warned of and does not stop the other scripts', async (t) => {
  const { runner, install, log } = await createHookTestBed(t)
  await install('before_nic_hotplug', '10_odd', sh('exit 3'))
  const killed = await install('before_nic_hotplug', '20_killed', sh('kill -KILL $$'))
  await install('before_nic_hotplug', '30_works', sh())
  await assert.rejects(runner.runXml('before_nic_hotplug', nic, { vm }), { script: killed, rc: -9 })
  assert.deepEqual(
    log.map((line) => line.replace(/ .*\//, ' ')),
    [
      "info 10_odd: rc=3 err=b''",
      'warn hook returned unexpected return code 3',
      "info 20_killed: rc=-9 err=b''",
      "info 30_works: rc=0 err=b''",
    ],
  )
})

test('where a hook point is not raising, failures are logged and the edits count', async (t) => {
  const { runner, install, log } = await createHookTestBed(t)
  await install('after_get_stats', 'hook', sh('echo "[1]" >"$_hook_json"', 'echo oh >&2', 'exit 1'))
  assert.deepEqual(await runner.runJson('after_get_stats', []), [1])
  assert.equal(log.at(-1), String.raw`error after_get_stats: Hook Error: (b'oh\n',)`)
})

test('a hook that takes too long fails the operation and is named with the limit', async (t) => {
  const { runner, install, log } = await createHookTestBed(t, { timeoutMs: 2000 })
  const script = await install('before_nic_hotplug', 'hook', sh('echo half >&2', 'sleep 60'))
  const problem = `${script} was killed, not having finished within 2 s`
  await assert.rejects(runner.runXml('before_nic_hotplug', nic, { vm }), {
    message: String.raw`Hook Error: (b'half\n${problem}\n',)`,
    stderr: 'half\n',
    rc: -9,
  })
  assert.equal(log.at(-1), `warn ${problem}`)
})

test('broken JSON keeps the capabilities from before', async (t) => {
  const { runner, install, log } = await createHookTestBed(t)
  const script = await install('after_get_caps', 'hook', sh('printf "{" >"$_hook_json"'))
  const caps = { cpuCores: '8' }
  assert.equal(await runner.runJson('after_get_caps', caps), caps)
  assert.match(log.at(-1)!, /^error after_get_caps: Hook Error: \(b.* left a data file that cannot be used: .*JSON/)
  assert.ok(log.at(-1)!.includes(script))
})

test('broken JSON fails a network setup', async (t) => {
  const { runner, install } = await createHookTestBed(t)
  await install('before_network_setup', 'hook', sh('printf "{" >"$_hook_json"'))
  const setup = runner.runJson('before_network_setup', { request: {} })
  await assert.rejects(setup, /^HookError: Hook Error: .* left a data file that cannot be used: .*JSON/)
})

test('a data file that was deleted, or that is not UTF-8, fails the operation with a clear text', async (t) => {
  const { runner, install } = await createHookTestBed(t)
  await install('before_nic_hotplug', 'hook', sh('rm "$_hook_domxml"'))
  const plug = runner.runXml('before_nic_hotplug', nic, { vm })
  await assert.rejects(plug, /^HookError: .*before_nic_hotplug\/hook left a data file that cannot be used: ENOENT/)

  await install('before_vm_start', 'hook', sh(String.raw`printf "\377" >"$_hook_domxml"`))
  const start = runner.runXml('before_vm_start', '<domain/>', { vm })
  await assert.rejects(start, /^HookError: .*before_vm_start\/hook left a data file that cannot be used: .*utf-8/)
})

test('a data file that a script filled without end is not read', async (t) => {
  const { runner, install, log } = await createHookTestBed(t)
  await install('after_get_caps', 'hook', sh('truncate -s 10G "$_hook_json"'))
  const caps = { cpuCores: '8' }
  assert.equal(await runner.runJson('after_get_caps', caps), caps)
  assert.match(log.at(-1)!, /left a data file that cannot be used: it has 10737418240 bytes, more than 8388608/)
})

test('whatever stands in the place of the data file is removed', async (t) => {
  const { runner, install } = await createHookTestBed(t)
  await install('after_nic_hotplug', 'hook', sh('rm "$_hook_domxml"', 'mkdir -p "$_hook_domxml/folder"'))
  assert.equal(await runner.runXml('after_nic_hotplug', nic, { vm }), nic)
})

test('hook points run side by side, each on its own data file', async (t) => {
  const { runner, install } = await createHookTestBed(t)
  await install('before_nic_hotplug', 'hook', sh('sleep 0.02; printf " $vnic_id" >>"$_hook_domxml"'))
  const ids = Array.from({ length: 20 }, (_, index) => `p${index}`)
  const results = await Promise.all(
    ids.map((vnic_id) => runner.runXml('before_nic_hotplug', '<x/>', { params: { vnic_id }, vm })),
  )
  assert.deepEqual(
    results,
    ids.map((id) => `<x/> ${id}`),
  )
})
