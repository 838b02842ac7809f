// hooking.py, as scripts see it that were written for VDSM.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { createHookTestBed, python, withoutPython } from './hook-test-bed.ts'
import { readLaunchFlags, writeLaunchFlags } from './launch-flags.ts'

const vm = { vmId: 'vm1', custom: {} }

suite('hooking', { skip: withoutPython, concurrency: true }, () => {
  test('rewrites an interface the way the OVN hook does', async (t) => {
    const { runner, install } = await createHookTestBed(t)
    const rewrite = python(
      'document = hooking.read_domxml()',
      "interface, = document.getElementsByTagName('interface')",
      "interface.getElementsByTagName('source')[0].setAttribute('bridge', 'br-int')",
      "port = document.createElement('virtualport')",
      "port.setAttribute('interfaceid', os.environ['vnic_id'])",
      'interface.appendChild(port)',
      'hooking.write_domxml(document)',
    )
    await install('before_nic_hotplug', '10_ovn', rewrite)
    const nic = "<?xml version='1.0' encoding='utf-8'?>\n<interface><source bridge='nät'/></interface>"
    assert.equal(
      await runner.runXml('before_nic_hotplug', nic, { params: { vnic_id: 'p1' }, vm }),
      '<?xml version="1.0" encoding="utf-8"?><interface><source bridge="br-int"/><virtualport interfaceid="p1"/></interface>',
    )
  })

  test('keeps non-ASCII text in XML and in JSON', async (t) => {
    const { runner, install } = await createHookTestBed(t)
    await install('before_vm_start', 'hook', python('hooking.write_domxml(hooking.read_domxml())'))
    await install('after_get_caps', 'hook', python('hooking.write_json(dict(hooking.read_json(), b="ö"))'))
    assert.match((await runner.runXml('before_vm_start', '<name>nät🔌</name>', { vm }))!, /<name>nät🔌<\/name>$/)
    assert.deepEqual(await runner.runJson('after_get_caps', { a: 'ü' }), { a: 'ü', b: 'ö' })
  })

  test('fails to read the XML of a device that has none', async (t) => {
    const { runner, install } = await createHookTestBed(t)
    await install('before_device_destroy', 'hook', python('hooking.read_domxml()'))
    await assert.rejects(runner.runXml('before_device_destroy', undefined, { vm }), {
      rc: 1,
      stderr: /ExpatError: no element found/,
    })
  })

  test('leaves the JSON alone if the new data is no JSON', async (t) => {
    const { runner, install } = await createHookTestBed(t)
    await install('after_get_caps', 'hook', python('hooking.write_json({"a": object()})'))
    assert.deepEqual(await runner.runJson('after_get_caps', { a: 1 }), { a: 1 })
  })

  test('logs to stderr and leaves the hook with a message, by default stopping the scripts after it', async (t) => {
    const { runner, install } = await createHookTestBed(t)
    await install('before_nic_hotplug', '10_done', python('hooking.exit_hook("", 0)'))
    await install('before_nic_hotplug', '20_veto', python('hooking.log("looking")', 'hooking.exit_hook("not here")'))
    await install('before_nic_hotplug', '30_never', python('hooking.log("never")'))
    await assert.rejects(runner.runXml('before_nic_hotplug', '<interface/>', { vm }), {
      rc: 2,
      stderr: 'looking\nnot here\n',
    })
  })

  test('takes a property for true as VDSM does', async (t) => {
    const { runner, install } = await createHookTestBed(t)
    const values = "[None, True, False, 'true', 'TRUE', 'false', '1', '2', '0', '-1', 'yes', 'on', '', 1, [], b'1']"
    await install('after_get_caps', 'hook', python(`hooking.write_json([hooking.tobool(v) for v in ${values}])`))
    const seen = await runner.runJson('after_get_caps', null)
    const truths = ['True', "'true'", "'TRUE'", "'1'", "'2'", "'-1'", "b'1'"]
    const expected = values.slice(1, -1).replace('[]', '()').split(', ')
    assert.deepEqual(
      seen,
      expected.map((value) => truths.includes(value)),
    )
  })

  test('runs commands with input, a folder, an environment, and output as lines or as bytes', async (t) => {
    const { runner, install } = await createHookTestBed(t)
    const commands = python(
      'hooking.write_json([repr(hooking.execCmd(*args, **options)) for args, options in [',
      "  ((['sh', '-c', 'echo a; echo b; echo c >&2; exit 3'],), {}),",
      "  ((['sh', '-c', 'cat; echo'],), {'data': b'in', 'raw': True}),",
      "  ((['cat'],), {'nice': 10, 'ioclass': 3, 'printable': 'cat', 'setsid': True}),",
      "  ((['sh', '-c', 'pwd; echo $A'], False, '/'), {'env': {'A': 'x'}}),",
      '  ((["true"], os.geteuid() == 0), {}),',
      ']])',
    )
    await install('after_get_caps', 'hook', commands)
    assert.deepEqual(await runner.runJson('after_get_caps', null), [
      "(3, [b'a', b'b'], [b'c'])",
      String.raw`(0, b'in\n', b'')`,
      '(0, [], [])',
      "(0, [b'/', b'x'], [])",
      '(0, [], [])',
    ])
  })

  test('raises OSError for a command that is not there', async (t) => {
    const { runner, install } = await createHookTestBed(t)
    const missing = ['try:', '  hooking.execCmd(["/no/such"])', 'except OSError:', '  sys.exit(2)']
    await install('before_nic_hotplug', 'hook', python(...missing))
    await assert.rejects(runner.runXml('before_nic_hotplug', '<interface/>', { vm }), { rc: 2, stderr: '' })
  })

  test('reads the launch flags of the agent, and the agent reads those of a hook', async (t) => {
    const { dir } = await createHookTestBed(t)
    const runDir = join(dir, 'run')
    const { runner, install } = await createHookTestBed(t, { runDir })
    const pause = python(
      "flags = hooking.load_vm_launch_flags_from_file(os.environ['vmId'])",
      "hooking.dump_vm_launch_flags_to_file(os.environ['vmId'], flags | 1)",
    )
    await install('before_vm_start', 'hook', pause)
    await writeLaunchFlags('vm1', 2, runDir)
    for (const [vmId, flags] of [['vm1', 3] as const, ['without-flags', 1] as const]) {
      await runner.runXml('before_vm_start', '<domain/>', { vm: { vmId, custom: {} } })
      assert.equal(await readLaunchFlags(vmId, runDir), flags)
    }
  })
})
