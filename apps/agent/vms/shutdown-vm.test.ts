// VM.shutdown on a real agent: the guest ends by itself, or starts anew with what it had.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { labUnavailable } from '../../../lab/lab-unavailable.ts'
import type { LabAgent } from '../testing/lab-agent.ts'
import { useAgent } from '../testing/use-agent.ts'
import { testVm } from '../testing/vm-xml.ts'

describe('VM.shutdown', { skip: labUnavailable() }, () => {
  let agent: LabAgent
  useAgent((started) => {
    agent = started
  })

  test('a guest that is asked to end is Down by its own hand, and its NICs are off their networks', async () => {
    const vm = testVm(1, 2)
    await agent.create(vm)
    assert.equal(await agent.call('VM.shutdown', { vmID: vm.vmId, delay: '30', message: 'good night' }), true)
    const { exitCode, exitReason, exitMessage } = await agent.until(vm.vmId, 'Down')
    assert.deepEqual([exitCode, exitReason, exitMessage], [0, 7, 'User shut down from within the guest'])
    await agent.destroy(vm.vmId)
    await agent.assertClean()
  })

  test('a guest that is asked to start anew runs on with its NICs', async () => {
    const vm = testVm(2, 1)
    await agent.create(vm)
    assert.equal(await agent.call('VM.shutdown', { vmID: vm.vmId, reboot: true }), true)
    const { status, network } = await agent.stats(vm.vmId)
    assert.deepEqual([status, Object.keys(network ?? {}).length], ['Up', 1])
    await agent.clear()
  })

  test('a VM that is not there, or does not run, cannot be asked', async () => {
    await assert.rejects(agent.call('VM.shutdown', { vmID: 'x' }), { code: 1 })
    const vm = testVm(3, 1)
    await agent.create(vm)
    await agent.call('VM.shutdown', { vmID: vm.vmId })
    await agent.until(vm.vmId, 'Down')
    await assert.rejects(agent.call('VM.shutdown', { vmID: vm.vmId }), { code: 6 })
    await agent.clear()
  })
})
