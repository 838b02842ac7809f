// Real virtual machines on a host with a libvirtd: from the start to all the ways in which they end.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { inMachine } from '../../../../lab/guest-shell.ts'
import { labUnavailable } from '../../../../lab/lab-unavailable.ts'
import { type LibvirtAgent, type LibvirtLab, startLibvirtAgents } from '../../testing/libvirt-agents.ts'
import { testNic, testVm } from '../../testing/vm-xml.ts'

describe('the libvirt hypervisor', { skip: labUnavailable(), timeout: 120_000 }, () => {
  let lab: LibvirtLab
  let own: LibvirtAgent
  before(async () => {
    lab = await startLibvirtAgents(['host-a'])
    own = lab.hosts[0]!
  })
  after(() => lab?.[Symbol.asyncDispose]())

  test('a VM boots with its NIC', async () => {
    const vm = testVm(1)
    const t = performance.now()
    const stats = await own.agent.create(vm)
    assert.equal(stats.status, 'Up', stats.exitMessage)
    console.log('up', performance.now() - t)
    console.log(await inMachine(own.host, vm.vmId, 'ip addr'))
    console.log('boot', performance.now() - t)
    const nic = testNic(1, 1)
    console.log(await own.agent.hotplug(vm.vmId, nic))
    console.log('plug', performance.now() - t)
    console.log(await inMachine(own.host, vm.vmId, 'ip addr'))
    await own.agent.hotunplug(vm.vmId, nic.alias)
    console.log('unplug', performance.now() - t)
    console.log(await inMachine(own.host, vm.vmId, 'ip addr'))
    console.log(JSON.stringify(await own.agent.stats(vm.vmId)))
    process.kill(await own.qemuOf(vm.vmId), 'SIGKILL')
    console.log(await own.agent.until(vm.vmId, 'Down'))
    console.log('killed', performance.now() - t)
    await own.agent.clear()
  })
})
