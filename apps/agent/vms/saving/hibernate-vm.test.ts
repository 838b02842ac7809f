// Hibernation: hooks and drivers in order, what a veto and a crash do. The guests themselves: hypervisors/hypervisor.test.ts.
import assert from 'node:assert/strict'
import { afterEach, describe, test } from 'node:test'
import { inNamespace } from '../../../../lab/guests/guest.ts'
import { labUnavailable } from '../../../../lab/lab-unavailable.ts'
import type { LabAgent } from '../../testing/lab-agent.ts'
import { useAgent } from '../../testing/use-agent.ts'
import { domainXml, type TestVm, testVm, volume } from '../../testing/vm-xml.ts'

describe('hibernation', { skip: labUnavailable() }, () => {
  let agent: LabAgent
  useAgent((started) => {
    agent = started
  })
  afterEach(() => agent.clear())

  const hibernate = (vmID: string, hibernationVolHandle = 'state-1') =>
    agent.call('VM.hibernate', { vmID, hibernationVolHandle })
  const restore = async (vm: TestVm, hiberVolHandle = 'state-1') => {
    await agent.call('VM.create', { vmID: vm.vmId, vmParams: { vmId: vm.vmId, xml: domainXml(vm), hiberVolHandle } })
    return agent.until(vm.vmId, 'Up', 'Down')
  }
  const saved = async () => (await agent.host.exec(['ls', '/var/lib/patchbay/agent/hibernated'])).stdout

  test('hooks and driver are called in order, and the guest has its addresses again', async () => {
    const vm = testVm(1, 2, volume('vda', '/images/v'))
    await agent.create(vm)
    await inNamespace(agent.host, vm.vmId, 'ip addr add 10.9.0.5/24 dev eth1')
    const started = agent.bed.journal(vm.vmId).length
    await hibernate(vm.vmId)
    const { exitCode, exitReason } = await agent.until(vm.vmId, 'Down')
    assert.deepEqual([exitCode, exitReason], [0, 5])
    const saving = agent.bed.journal(vm.vmId).slice(started)
    assert.deepEqual(saving, [
      'hook before_vm_hibernate',
      'driver unplug_device.before port-1-0',
      'driver unplug_device.before port-1-1',
      'driver unplug_device.after port-1-0',
      'driver unplug_device.after port-1-1',
      'hook after_vm_hibernate',
    ])
    await agent.destroy(vm.vmId)
    await agent.assertClean()

    const destroyed = agent.bed.journal(vm.vmId).length
    const { status, exitMessage } = await restore(vm)
    assert.equal(status, 'Up', exitMessage)
    assert.deepEqual(agent.bed.journal(vm.vmId).slice(destroyed), [
      'hook after_disk_prepare',
      'driver plug_device.before port-1-0',
      'driver plug_device.before port-1-1',
      'hook before_vm_start',
      'hook before_vm_dehibernate',
      'driver plug_device.after port-1-0',
      'driver plug_device.after port-1-1',
      'hook after_vm_dehibernate',
    ])
    assert.match(await inNamespace(agent.host, vm.vmId, 'ip -4 addr show dev eth1'), /10\.9\.0\.5\/24/)
  })

  test('a veto keeps the VM running; at the restoring, it keeps the state for another attempt', async () => {
    const vm = testVm(2)
    await agent.create(vm)
    agent.bed.at('before_vm_hibernate', vm.vmId, 'echo backup >&2; exit 1')
    await hibernate(vm.vmId)
    await agent.until(vm.vmId, 'Up')
    const { status: told } = await agent.call<any>('VM.getMigrationStatus', { vmID: vm.vmId })
    assert.deepEqual(told, { code: 12, message: "Fatal error during migration: Hook Error: (b'backup\\n',)" })
    agent.bed.releaseAll()
    await hibernate(vm.vmId)
    await agent.until(vm.vmId, 'Down')
    await agent.destroy(vm.vmId)

    agent.bed.at('before_vm_dehibernate', vm.vmId, 'echo "not now: $FROM_SNAPSHOT" >&2; exit 1')
    const { status, exitMessage } = await restore(vm)
    assert.equal(status, 'Down')
    assert.match(exitMessage!, /not now: False/)
    await agent.destroy(vm.vmId)
    agent.bed.releaseAll()
    assert.equal((await restore(vm)).status, 'Up')
  })

  test('a driver that does not let go keeps the VM running, connected as before', async () => {
    const vm = testVm(3)
    await agent.create(vm)
    agent.bed.at('unplug_device.before', vm.vmId, 'fail')
    await hibernate(vm.vmId)
    await agent.until(vm.vmId, 'Up')
    assert.equal(agent.bed.journal(vm.vmId).at(-1), 'driver plug_device.after port-3-0')
  })

  test('what was not saved here, or by another name, or is another VM by now, is not restored', async () => {
    const vm = testVm(4)
    const missing = { code: 9, message: /no saved state/ }
    await assert.rejects(restore(vm), missing)
    await agent.create(vm)
    await hibernate(vm.vmId)
    await agent.until(vm.vmId, 'Down')
    await assert.rejects(restore(vm), { code: 4 })
    await agent.destroy(vm.vmId)
    await assert.rejects(restore(vm, 'state-2'), missing)
    await agent.create(vm)
    await agent.destroy(vm.vmId)
    await assert.rejects(restore(vm), missing)
    await assert.rejects(hibernate(vm.vmId), { code: 1 })
  })

  test('a paused VM, and one without a name for its state, are refused', async () => {
    const vm = testVm(5, 1, { launchPaused: true })
    await agent.create(vm, 'Paused')
    await assert.rejects(hibernate(vm.vmId), { code: 16 })
    await assert.rejects(hibernate(vm.vmId, ''), { code: 11 })
  })

  test('killed before the guest is saved, the agent lets it run on', async () => {
    const vm = testVm(6)
    await agent.create(vm)
    agent.bed.at('unplug_device.before', vm.vmId, 'hold')
    await hibernate(vm.vmId)
    await agent.bed.reached('unplug_device.before', vm.vmId)
    await agent.kill()
    agent.bed.releaseAll()
    await agent.start()
    assert.equal((await agent.until(vm.vmId, 'Up')).status, 'Up')
    assert.match(await inNamespace(agent.host, vm.vmId, 'ip link show dev eth0'), /state UP/)
  })

  test('killed when the guest is saved, the agent finishes that, and restores it when told', async () => {
    const vm = testVm(7)
    await agent.create(vm)
    agent.bed.at('unplug_device.after', vm.vmId, 'hold')
    await hibernate(vm.vmId)
    await agent.bed.reached('unplug_device.after', vm.vmId)
    await agent.kill()
    agent.bed.releaseAll()
    await agent.start()
    assert.equal((await agent.until(vm.vmId, 'Down')).exitReason, 5)
    await agent.destroy(vm.vmId)
    assert.equal((await restore(vm)).status, 'Up')
  })

  test('killed while it restores, the agent gives that up, and it can be tried again', async () => {
    const vm = testVm(8)
    await agent.create(vm)
    await hibernate(vm.vmId)
    await agent.until(vm.vmId, 'Down')
    await agent.destroy(vm.vmId)
    agent.bed.at('plug_device.after', vm.vmId, 'hold')
    assert.match(await saved(), new RegExp(vm.vmId))
    const restoring = restore(vm).catch(() => {})
    await agent.bed.reached('plug_device.after', vm.vmId)
    await agent.kill()
    agent.bed.releaseAll()
    await restoring
    await agent.start()
    assert.equal((await agent.until(vm.vmId, 'Down')).exitReason, 1)
    await agent.destroy(vm.vmId)
    assert.equal((await restore(vm)).status, 'Up')
    assert.doesNotMatch(await saved(), new RegExp(vm.vmId))
  })
})
