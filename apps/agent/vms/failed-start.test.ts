// VM.create when a hook, the driver or the host does not play along: the VM is Down, says why, and nothing of it is left.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { labUnavailable } from '../../../lab/lab-unavailable.ts'
import type { LabAgent } from '../testing/lab-agent.ts'
import { tracesOf } from '../testing/traces.ts'
import { useAgent } from '../testing/use-agent.ts'
import { type TestVm, testNic, testVm } from '../testing/vm-xml.ts'

interface Failure {
  readonly title: string
  readonly at: readonly [point: string, what: string]
  /** What exitMessage must be or match. */
  readonly says: string | RegExp
  /** The driver had been asked to plug, and so is asked to unplug. */
  readonly plugged: boolean
}

const failures: readonly Failure[] = [
  {
    title: 'before_device_create exits with 1',
    at: ['before_device_create', 'echo "port X not found" >&2; exit 1'],
    says: "Hook Error: (b'port X not found\\n',)",
    plugged: false,
  },
  {
    title: 'before_vm_start exits with 2',
    at: ['before_vm_start', "echo 'it is no good' >&2; exit 2"],
    says: "Hook Error: (b'it is no good\\n',)",
    plugged: true,
  },
  {
    title: 'before_device_create hangs',
    at: ['before_device_create', 'sleep 1000'],
    says: /^Hook Error: \(b'.*was killed, not having finished within 3 s\\n',\)$/,
    plugged: false,
  },
  {
    title: 'before_device_create leaves no XML',
    at: ['before_device_create', 'echo nonsense > "$_hook_domxml"'],
    says: /scripts of before_device_create left cannot be used: .*malformed XML/,
    plugged: false,
  },
  {
    title: 'before_device_create leaves another NIC',
    at: ['before_device_create', 'sed -i s/02:00:/02:ff:/ "$_hook_domxml"'],
    says: /left cannot be used: the MAC address of the <interface> is 02:ff:/,
    plugged: false,
  },
  {
    title: 'before_vm_start leaves no domain',
    at: ['before_vm_start', 'echo "<hostdev/>" > "$_hook_domxml"'],
    says: /a <domain> element was expected/,
    plugged: true,
  },
  {
    title: 'before_vm_start removes the data file',
    at: ['before_vm_start', 'rm "$_hook_domxml"'],
    says: /^Hook Error: .*data file that cannot be used/,
    plugged: true,
  },
  {
    title: 'a hook leaves launch flags that are no number',
    at: ['before_vm_start', 'echo later > /run/vdsm/$vmId/launchflags'],
    says: /must begin with the launch flags/,
    plugged: true,
  },
  {
    title: 'a hook names a bridge that is not there',
    at: ['before_vm_start', 'sed -i s/\\;vdsmdummy\\;/br-missing/ "$_hook_domxml"'],
    says: 'there is no bridge br-missing on this host',
    plugged: true,
  },
  {
    title: 'the driver fails before',
    at: ['plug_device.before', 'fail the port is not there'],
    says: 'driver scripted, plug_device (before): the port is not there',
    plugged: true,
  },
  {
    title: 'the driver fails after',
    at: ['plug_device.after', 'fail it does not forward'],
    says: 'driver scripted, plug_device (after): it does not forward',
    plugged: true,
  },
  {
    title: 'the driver hangs before',
    at: ['plug_device.before', 'hold'],
    says: 'driver scripted, plug_device (before) did not end within 3 s',
    plugged: true,
  },
  {
    title: 'the driver hangs after',
    at: ['plug_device.after', 'hold'],
    says: 'driver scripted, plug_device (after) did not end within 3 s',
    plugged: true,
  },
  {
    title: 'the driver throws undefined',
    at: ['plug_device.before', 'throw undefined'],
    says: /plug_device \(before\): it threw undefined, which is no Error/,
    plugged: true,
  },
  {
    title: 'the driver throws a string',
    at: ['plug_device.after', 'throw oh no'],
    says: /plug_device \(after\): it threw "oh no", which is no Error/,
    plugged: true,
  },
  {
    title: 'the driver answers with nonsense XML',
    at: ['plug_device.before', 'answer {"domxml": "<interface"}'],
    says: /driver scripted, plug_device \(before\): .*malformed XML/,
    plugged: true,
  },
  {
    title: 'the driver answers with another element',
    at: ['plug_device.before', 'answer {"domxml": "<disk/>"}'],
    says: /plug_device \(before\): an <interface> element was expected/,
    plugged: true,
  },
  {
    title: 'the driver answers with a number for XML',
    at: ['plug_device.before', 'answer {"domxml": 42}'],
    says: /plug_device \(before\): domxml is no text/,
    plugged: true,
  },
  {
    title: 'the driver answers with a list',
    at: ['plug_device.after', 'answer [1, 2]'],
    says: /plug_device \(after\): it answered with something that is no object/,
    plugged: true,
  },
  {
    title: 'the driver wants to remember too much',
    at: ['plug_device.before', `answer {"state": {"all": "${'x'.repeat(66_000)}"}}`],
    says: /state is longer than 65536 bytes/,
    plugged: true,
  },
]

describe('a VM that cannot start', { skip: labUnavailable() }, () => {
  let agent: LabAgent
  useAgent(
    (started) => {
      agent = started
    },
    () => ({ config: { 'hook-timeout': 3, 'driver-timeout': 3 } }),
  )

  describe('is Down with the reason, and no other trace', { concurrency: 5 }, () => {
    for (const [index, { title, at, says, plugged }] of failures.entries()) {
      test(title, async () => {
        const vm = testVm(100 + index, 2)
        agent.bed.at(at[0], vm.vmId, at[1])
        const stats = await agent.create(vm)
        assert.equal(stats.status, 'Down')
        assert.equal(stats.exitCode, 1)
        assert.equal(stats.exitReason, 1)
        if (typeof says === 'string') assert.equal(stats.exitMessage, says)
        else assert.match(stats.exitMessage!, says)
        await assertOnlyRecord(vm)

        const unplugged = agent.bed.journal(vm.vmId).filter((line) => line.startsWith('driver unplug_device.after'))
        const first = `driver unplug_device.after ${vm.nics[0]!.portId}`
        assert.equal(unplugged.includes(first), plugged, unplugged.join(', '))
        assert.equal(
          unplugged.length,
          new Set(agent.bed.journal(vm.vmId).filter((line) => line.startsWith('driver plug_device.before'))).size,
        )
        agent.bed.release(at[0], vm.vmId)
        await agent.destroy(vm.vmId)
      })
    }
  })

  /** Others are at work at the same time. */
  async function assertOnlyRecord({ vmId, nics }: TestVm): Promise<void> {
    const ours = (trace: string) =>
      [vmId, ...nics.flatMap(({ mac, portId }) => [mac.replaceAll(':', ''), portId])].some((part) =>
        trace.includes(part),
      )
    const left = (await tracesOf(agent.host, agent.process.pid)).filter(ours)
    // The hooks' own folder stays until VM.destroy.
    assert.deepEqual(left.toSorted(), [`patchbay-agent/vms/${vmId}.json`, `vdsm/${vmId}`])
  }

  test('is described to the hooks of its end as those of its start left it', async () => {
    const vm = testVm(160, 1)
    const seen = join(agent.host.dir, 'seen')
    agent.bed.at('before_vm_start', vm.vmId, 'sed -i s/vm160/refused/ "$_hook_domxml"; exit 1')
    agent.bed.at('after_vm_destroy', vm.vmId, `cp "$_hook_domxml" ${seen}`)
    await agent.create(vm, 'Down')
    await agent.destroy(vm.vmId)
    assert.match(readFileSync(seen, 'utf8'), /<name>refused<\/name>/)
    agent.bed.releaseAll()
  })

  test('is told to be Down by an event, with the reason', async () => {
    const vm = testVm(150, 1)
    agent.bed.at('plug_device.after', vm.vmId, 'fail not today')
    await agent.create(vm)
    const told = agent.events
      .filter(({ method }) => method === `|virt|VM_status|${vm.vmId}`)
      .map(({ params }) => params)
    assert.deepEqual(
      told.map((params: any) => params[vm.vmId].status),
      ['WaitForLaunch', 'Down'],
    )
    const last = told.at(-1) as any
    assert.equal(last[vm.vmId].exitMessage, 'driver scripted, plug_device (after): not today')
    assert.equal(typeof last.notify_time, 'number')
    await agent.destroy(vm.vmId)
  })

  test('says which driver is missing when nobody owns its NIC, also when a hook only rewrote the XML', async () => {
    const vm = testVm(151, 0, { nics: [testNic(151, 0, { pluginType: 'NOBODY' })] })
    const reformat = 'sed -i "1s|^|<?xml version=\\"1.0\\"?>\\n|; s|><| ><|g" "$_hook_domxml"'
    for (const what of ['true', reformat]) {
      agent.bed.at('before_device_create', vm.vmId, what)
      const { exitMessage } = await agent.create(vm)
      assert.match(
        exitMessage!,
        /^no driver on this host serves plugin type "NOBODY" of NIC 02:00:00:97:00:00, and no hook/,
      )
      await agent.destroy(vm.vmId)
    }
  })

  test('keeps its hands off links of the host and of other VMs', async () => {
    const running = testVm(152, 1)
    await agent.create(running)
    const [tap = ''] = Object.keys((await agent.stats(running.vmId)).network!)
    const sameMac = testVm(153, 0, { nics: [{ ...testNic(153, 0), mac: running.nics[0]!.mac }] })
    const grabs = testVm(154, 1)
    agent.bed.at(
      'before_vm_start',
      grabs.vmId,
      'sed -i "s|</interface>|<target dev=\\"underlay0\\"/></interface>|" "$_hook_domxml"',
    )
    assert.match((await agent.create(sameMac)).exitMessage!, new RegExp(`this host has a link ${tap} already`))
    assert.match((await agent.create(grabs)).exitMessage!, /this host has a link underlay0 already/)
    for (const { vmId } of [sameMac, grabs]) await agent.destroy(vmId)

    const { stdout } = await agent.host.exec(['ls', '/sys/class/net'])
    assert.deepEqual(stdout.trim().split('\n').toSorted(), ['lo', 'underlay0', tap].toSorted())
    await agent.destroy(running.vmId)
  })

  test('does not spoil the statistics of others, and all are gone in the end', async () => {
    assert.deepEqual(await agent.call('Host.getAllVmStats'), [])
    await agent.assertClean()
  })
})
