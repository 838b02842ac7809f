// The driver in shell, installed by the command as hook scripts of an agent that knows no such driver: real NICs on a bridge.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { bedUnavailable } from '@patchbay/vif-driver/testing/bed-unavailable.ts'
import { createLab, type Lab } from '../../../lab/lab.ts'
import { withoutPython } from '../../agent/hooks/hook-test-bed.ts'
import { type LabAgent, startLabAgent } from '../../agent/testing/lab-agent.ts'
import { testNic, testVm } from '../../agent/testing/vm-xml.ts'

const root = join(import.meta.dirname, '../../..')
const example = join(root, 'examples/driver-in-shell')
const skip = bedUnavailable(['jq']) ?? withoutPython

describe('a host whose driver is installed as hook scripts', { skip }, () => {
  let lab: Lab
  let agent: LabAgent
  let dirs: Record<string, string>

  const patchbay = (verb: string, ...args: string[]) => {
    const flags = Object.entries(dirs).flatMap(([flag, dir]) => [`--${flag}`, dir])
    const argv = [join(root, 'apps/cli/main.ts'), 'driver', verb, ...args, ...flags]
    return spawnSync(process.execPath, argv, { encoding: 'utf8', timeout: 60_000 })
  }
  const kept = () => readdirSync(join(dirs['run-dir']!, 'patchbay/host-bridge-sh/nics'))
  const vmWith = (n: number) => ({ ...testVm(n), nics: [testNic(n, 0, { pluginType: 'HOST_BRIDGE_SH' })] })
  const portsOfBridge = async () => (await agent.host.exec(['ls', '/sys/class/net/br0/brif'])).stdout.trim().split('\n')

  before(async () => {
    lab = await createLab({ hosts: ['host-a'] })
    const host = lab.host('host-a')
    await host.exec(['ip', '-batch', '-'], { input: 'link add br0 type bridge forward_delay 0\nlink set br0 up\n' })
    const below = (name: string) => join(host.dir, 'hooked', name)
    dirs = {
      'hooks-dir': below('hooks'),
      'libexec-dir': below('libexec'),
      'sudoers-dir': below('sudoers.d'),
      'run-dir': below('run'),
    }
    writeFileSync(join(host.dir, 'options.json'), '{"bridge":"br0"}')
    const { status, stdout, stderr } = patchbay('install-hooks', example, '--options', join(host.dir, 'options.json'))
    assert.equal(status, 0, stderr)
    assert.match(stdout, /^installed at 18 hook points of .*hooks$/m)
    agent = await startLabAgent(host, { config: { 'hooks-dir': dirs['hooks-dir']!, 'hook-run-dir': dirs['run-dir']! } })
  })
  after(async () => {
    await agent?.[Symbol.asyncDispose]()
    await lab?.down()
  })

  test('is listed with its hook points, and reported with checksums', async () => {
    assert.match(patchbay('list-hooks').stdout, /^host-bridge-sh 1\.0\.0, for HOST_BRIDGE_SH: after_device_create /)
    const { hooks, openstack_binding_host_ids: ids } = await agent.call<any>('Host.getCapabilities')
    assert.match(hooks.before_nic_hotplug['50_patchbay_host-bridge-sh'].checksum, /^[0-9a-f]{64}$/)
    assert.equal(typeof ids.HOST_BRIDGE_SH, 'string')
  })

  test('connects NICs at the start of a VM and in a running one, and lets them go', async () => {
    const vm = vmWith(1)
    assert.equal((await agent.create(vm)).status, 'Up')
    const second = testNic(1, 1, { pluginType: 'HOST_BRIDGE_SH' })
    await agent.hotplug(vm.vmId, second)
    assert.deepEqual(await portsOfBridge(), ['tapport-1-0', 'tapport-1-1'])
    assert.equal(kept().length, 2)
    const busy = patchbay('uninstall-hooks', 'host-bridge-sh')
    assert.equal(busy.status, 1)
    assert.match(
      busy.stderr,
      /^error: driver host-bridge-sh has 2 NICs plugged on this host: unplug them, or use --force/,
    )
    await agent.hotunplug(vm.vmId, second.alias)
    assert.deepEqual(await portsOfBridge(), ['tapport-1-0'])
    await agent.destroy(vm.vmId)
    assert.deepEqual(await portsOfBridge(), [''])
    assert.deepEqual(kept(), [])
  })

  test('refuses a VM whose driver fails, and keeps nothing of it', async () => {
    await agent.host.exec(['ip', 'link', 'set', 'br0', 'name', 'br1'])
    const { status, exitMessage } = await agent.create(vmWith(2))
    assert.equal(status, 'Down')
    assert.match(exitMessage ?? '', /host-bridge-sh, plug_device \(before\): this host has no bridge br0: create it/)
    await agent.host.exec(['ip', 'link', 'set', 'br1', 'name', 'br0'])
    assert.deepEqual(kept(), [])
    await agent.destroy(vmWith(2).vmId)
  })

  test('takes a driver that is a module just as well', async () => {
    const args = [join(root, 'packages/vif-driver/example'), '--options', join(agent.host.dir, 'options.json')]
    assert.equal(patchbay('install-hooks', ...args).status, 0)
    const vm = { ...testVm(3), nics: [testNic(3, 0, { pluginType: 'HOST_BRIDGE' })] }
    assert.equal((await agent.create(vm)).status, 'Up')
    assert.deepEqual(await portsOfBridge(), ['tapport-3-0'])
    await agent.destroy(vm.vmId)
    assert.equal(patchbay('uninstall-hooks', 'host-bridge').status, 0)
  })

  test('has nothing of the driver when it is uninstalled', () => {
    assert.equal(patchbay('uninstall-hooks', 'host-bridge-sh').status, 0)
    assert.equal(patchbay('list-hooks').stdout, '')
    assert.match(patchbay('uninstall-hooks', 'host-bridge-sh').stderr, /^error: no driver host-bridge-sh is installed/)
    assert.match(patchbay('install-hooks', '/tmp').stderr, /^error: \/tmp has neither a driver\.json nor a driver\.ts/)
    assert.match(patchbay('install-hooks', example).stderr, /^error: options: bridge must be given/)
  })
})
