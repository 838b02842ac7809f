// Every hook point comes with the payload and environment of docs/vdsm-hooks.md. Those of machines, which no namespace is:
// hypervisors/libvirt/hardware.test.ts.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { labUnavailable } from '../../../lab/lab-unavailable.ts'
import { until } from '../../../lab/until.ts'
import { type AgentPair, startAgentPair } from '../testing/agent-pair.ts'
import { documentedHooks, installProbes, probed } from '../testing/hook-probes.ts'
import { domainXml, testNic, volume } from '../testing/vm-xml.ts'

describe('the hook contract', { skip: labUnavailable() }, () => {
  let pair: AgentPair
  before(async () => {
    pair = await startAgentPair()
  })
  after(() => pair?.[Symbol.asyncDispose]())

  test('each hook point comes with its payload and its environment', async () => {
    const { source, destination } = pair
    for (const agent of [source, destination]) installProbes(agent)
    // Orderly, for the points at the agent's own start and end.
    await source.process.stop()
    await source.start()

    const vm = await pair.running(1, 1, volume('vda', '/images/v'))
    const nic = testNic(1, 1)
    const failing = (point: string, work: () => Promise<unknown>) => {
      source.bed.at(point, vm.vmId, 'fail')
      return assert.rejects(work()).finally(() => source.bed.release(point, vm.vmId))
    }
    await failing('plug_device.after', () => source.hotplug(vm.vmId, nic))
    await source.hotplug(vm.vmId, nic)
    await failing('unplug_device.before', () => source.hotunplug(vm.vmId, nic.alias))
    await source.hotunplug(vm.vmId, nic.alias)
    const link = (linkActive: boolean) => {
      const params = { deviceType: 'interface', alias: vm.nics[0]!.alias, linkActive }
      return source.call('VM.updateDevice', { vmID: vm.vmId, params })
    }
    await link(true)
    source.bed.at('before_update_device', vm.vmId, 'exit 1')
    await assert.rejects(link(false), { code: 56 })
    source.bed.release('before_update_device', vm.vmId)
    for (const verb of ['VM.pause', 'VM.cont', 'VM.getStats']) await source.call(verb, { vmID: vm.vmId })
    for (const verb of ['getCapabilities', 'getStats', 'getAllVmStats', 'hostdevListByCaps'])
      await source.call(`Host.${verb}`)

    const setUp = (networks: object) =>
      source.call('Host.setupNetworks', { networks, bondings: {}, options: { connectivityCheck: false } })
    await setUp({})
    await assert.rejects(setUp({ gone: { remove: true } }), { code: 27 })
    await source.call('VM.hibernate', { vmID: vm.vmId, hibernationVolHandle: 'state' })
    await source.until(vm.vmId, 'Down')
    await source.destroy(vm.vmId)
    const vmParams = { vmId: vm.vmId, xml: domainXml(vm), hiberVolHandle: 'state' }
    await source.call('VM.create', { vmID: vm.vmId, vmParams })
    await source.until(vm.vmId, 'Up')

    destination.bed.at('migration_destination.after', vm.vmId, 'fail')
    await pair.migrate(vm.vmId)
    await source.until(vm.vmId, 'Up')
    destination.bed.release('migration_destination.after', vm.vmId)
    await pair.migrate(vm.vmId)
    await source.until(vm.vmId, 'Down')
    await destination.until(vm.vmId, 'Up')
    await source.destroy(vm.vmId)
    await destination.destroy(vm.vmId)

    const seen = () => [...new Set([source, destination].flatMap(probed))].sort()
    // after_vm_migrate_destination may still be under way.
    const documented = documentedHooks().filter(({ ofMachine }) => !ofMachine)
    await until(() => seen().length >= documented.length, 10_000)
    assert.deepEqual(seen(), documented.map(({ line }) => line).sort())
  })
})
