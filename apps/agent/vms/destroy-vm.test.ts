// VM.destroy on a real agent, in every state of a VM; and VM.pause and VM.cont.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { labUnavailable } from '../../../lab/lab-unavailable.ts'
import type { LabAgent } from '../testing/lab-agent.ts'
import { useAgent } from '../testing/use-agent.ts'
import { domainXml, testNic, testVm } from '../testing/vm-xml.ts'

describe('VM.destroy', { skip: labUnavailable() }, () => {
  let agent: LabAgent
  useAgent(
    (started) => {
      agent = started
    },
    () => ({ config: { 'driver-timeout': 3 } }),
  )
  const known = async () => (await agent.call<any[]>('Host.getVMList')).map(({ vmId }) => vmId)

  test('ends a running VM, with hooks and driver in the documented order', async () => {
    const vm = testVm(1, 1)
    await agent.create(vm)
    const before = agent.bed.journal(vm.vmId).length
    assert.equal(await agent.destroy(vm.vmId), true)
    assert.deepEqual(agent.bed.journal(vm.vmId).slice(before), [
      'hook before_device_destroy port-1-0',
      'hook before_vm_destroy',
      'driver unplug_device.before port-1-0',
      'driver unplug_device.after port-1-0',
      'hook after_vm_destroy',
      'hook after_device_destroy port-1-0',
    ])
    await agent.assertClean()
  })

  test('has code 1 for a VM that is not there, and for one that was destroyed', async () => {
    await assert.rejects(agent.destroy('nobody'), {
      code: 1,
      message: "Virtual machine does not exist: {'vmId': 'nobody'}",
    })
    const vm = testVm(2, 1)
    await agent.create(vm)
    await agent.destroy(vm.vmId)
    await assert.rejects(agent.destroy(vm.vmId), { code: 1 })
    await assert.rejects(agent.stats(vm.vmId), { code: 1 })
  })

  test('a veto of before_device_destroy keeps the VM as it runs', async () => {
    const vm = testVm(3, 1)
    await agent.create(vm)
    agent.bed.at('before_device_destroy', vm.vmId, 'echo keep it >&2; exit 1')
    await assert.rejects(agent.destroy(vm.vmId), { code: 1500, message: "Hook Error: (b'keep it\\n',)" })
    const { status, network } = await agent.stats(vm.vmId)
    assert.equal(status, 'Up')
    assert.equal(Object.keys(network!).length, 1)
    assert.equal((await agent.processes(vm.vmId)).length, 1)
    agent.bed.release('before_device_destroy', vm.vmId)
    await agent.destroy(vm.vmId)
  })

  test('a VM that is down is forgotten, whatever a hook says', async () => {
    const vm = testVm(4, 1)
    agent.bed.at('plug_device.after', vm.vmId, 'fail not wired')
    agent.bed.at('before_device_destroy', vm.vmId, 'exit 1')
    await agent.create(vm)
    await agent.destroy(vm.vmId)
    assert.ok(agent.bed.journal(vm.vmId).includes('hook after_device_destroy port-4-0'))
    assert.deepEqual(await known(), [])
    await agent.assertClean()
  })

  test('a VM that is starting is ended as soon as the start is over', async () => {
    const vm = testVm(5, 1)
    agent.bed.at('plug_device.after', vm.vmId, 'hold')
    await agent.call('VM.create', { vmID: vm.vmId, vmParams: { vmId: vm.vmId, xml: domainXml(vm) } })
    await agent.bed.reached('plug_device.after', vm.vmId)
    const destroyed = agent.destroy(vm.vmId)
    agent.bed.release('plug_device.after', vm.vmId)
    await destroyed
    await agent.assertClean()
  })

  test('a paused VM, and one with hot-plugged NICs, go like any other', async () => {
    const vm = testVm(6, 1)
    await agent.create(vm)
    await agent.hotplug(vm.vmId, testNic(6, 1))
    await agent.call('VM.pause', { vmID: vm.vmId })
    await agent.destroy(vm.vmId)
    await agent.assertClean()
  })

  test('two at once: one ends it, the other finds no VM', async () => {
    const vm = testVm(7, 1)
    await agent.create(vm)
    const outcomes = await Promise.allSettled([agent.destroy(vm.vmId), agent.destroy(vm.vmId)])
    assert.deepEqual(outcomes.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
    await agent.assertClean()
  })

  test('a driver cannot keep the guest alive; what it keeps is told, and tried again', async () => {
    const vm = testVm(8, 1)
    await agent.create(vm)
    agent.bed.at('unplug_device.before', vm.vmId, 'fail in use')
    agent.bed.at('unplug_device.after', vm.vmId, 'fail still in use')
    const message = /^The guest has ended, but not everything .*unplug_device \(after\): still in use/
    await assert.rejects(agent.destroy(vm.vmId), { code: 42, message })
    const { status, exitMessage } = await agent.stats(vm.vmId)
    assert.equal(status, 'Down')
    assert.match(exitMessage!, message)
    assert.doesNotMatch((await agent.host.exec(['ip', 'netns'])).stdout, new RegExp(vm.vmId))
    agent.bed.release('unplug_device.after', vm.vmId)
    await agent.destroy(vm.vmId)
    await agent.assertClean()
  })

  test('what a visitor started in the guest ends with it', async () => {
    const vm = testVm(9, 1)
    await agent.create(vm)
    const inside = ['ip', 'netns', 'exec', `vm-${vm.vmId}`, 'sh', '-c', 'sleep 1000 & sleep 1000 &']
    await agent.host.exec(['sh', '-c', `${inside.map((word) => `'${word}'`).join(' ')} > /dev/null 2>&1`])
    assert.equal((await agent.processes(vm.vmId)).length, 3)
    await agent.destroy(vm.vmId)
    await agent.assertClean()
  })

  test('pausing and continuing are told, and leave the guest its addresses', async () => {
    const vm = testVm(10, 1)
    await agent.create(vm)
    const guest = ['ip', '-n', `vm-${vm.vmId}`]
    await agent.host.exec([...guest, 'addr', 'add', '192.0.2.7/24', 'dev', 'eth0'])
    await agent.host.exec([...guest, 'route', 'add', 'default', 'via', '192.0.2.1'])
    for (const round of [1, 2]) {
      assert.deepEqual(await agent.call('VM.pause', { vmID: vm.vmId }), { vmList: {} }, `round ${round}`)
      assert.equal((await agent.stats(vm.vmId)).status, 'Paused')
      assert.deepEqual(await agent.processes(vm.vmId), [])
    }
    // Asked for twice, as an engine may.
    for (const round of [1, 2])
      assert.deepEqual(await agent.call('VM.cont', { vmID: vm.vmId }), { vmList: {} }, `${round}`)
    assert.equal((await agent.processes(vm.vmId)).length, 1)
    const { stdout } = await agent.host.exec([...guest, 'route', 'show', 'default'])
    assert.match(stdout, /default via 192.0.2.1 dev eth0/)
    const told = agent.events.filter(({ method }) => method === `|virt|VM_status|${vm.vmId}`)
    assert.deepEqual(
      told.map(({ params }: any) => params[vm.vmId].status),
      ['WaitForLaunch', 'Up', 'Paused', 'Up'],
    )
    const times = told.map(({ params }: any) => params.notify_time)
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    )
    await agent.destroy(vm.vmId)
  })

  test('a hook may veto a pause', async () => {
    const vm = testVm(11, 1)
    await agent.create(vm)
    agent.bed.at('before_vm_pause', vm.vmId, 'exit 1')
    await assert.rejects(agent.call('VM.pause', { vmID: vm.vmId }), { code: 1500 })
    assert.equal((await agent.stats(vm.vmId)).status, 'Up')
    await agent.destroy(vm.vmId)
    await assert.rejects(agent.call('VM.cont', { vmID: vm.vmId }), { code: 1 })
    await agent.assertClean()
  })
})
