// VM.migrate between two real agents: the documented order on both sides, and what may happen meanwhile.
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { labUnavailable } from '../../../../lab/lab-unavailable.ts'
import { until } from '../../../../lab/until.ts'
import { readDomain } from '../../domain-xml/domain.ts'
import { type AgentPair, startAgentPair } from '../../testing/agent-pair.ts'
import { testNic, volume } from '../../testing/vm-xml.ts'

describe('migration', { skip: labUnavailable() }, () => {
  let pair: AgentPair
  before(async () => {
    pair = await startAgentPair()
  })
  after(() => pair?.[Symbol.asyncDispose]())
  afterEach(() => pair.clear())
  const migrationStatus = (vmId: string) => pair.source.call<any>('VM.getMigrationStatus', { vmID: vmId })
  const guest = (vmId: string, ...args: string[]) => ['ip', '-n', `vm-${vmId}`, ...args]

  test('moves a VM with its addresses, and calls hooks and drivers on both sides in the documented order', async () => {
    const { source, destination } = pair
    const vm = await pair.running(1, 1, volume('vda', '/images/v'))
    const { vmId } = vm
    await source.host.exec(guest(vmId, 'addr', 'add', '192.0.2.7/24', 'dev', 'eth0'))
    await source.host.exec(guest(vmId, 'route', 'add', 'default', 'via', '192.0.2.1'))
    const known = source.bed.journal(vmId).length
    assert.equal(await pair.migrate(vmId), true)
    await destination.until(vmId, 'Up')
    const left = await source.until(vmId, 'Down')
    assert.equal(left.exitCode, 0)
    assert.equal(left.exitReason, 4)
    assert.deepEqual(await migrationStatus(vmId), { status: { code: 0, message: 'Migration done' }, progress: 100 })

    assert.deepEqual(source.bed.journal(vmId).slice(known), [
      'hook before_device_migrate_source port-1-0',
      'driver migration_source.before port-1-0',
      'hook before_vm_migrate_source',
      'driver migration_source.after port-1-0',
      'hook after_vm_migrate_source',
      'hook after_device_migrate_source port-1-0',
    ])
    await until(() => destination.bed.journal(vmId).length >= 7, 30_000)
    assert.deepEqual(destination.bed.journal(vmId), [
      'hook after_disk_prepare',
      'hook before_device_migrate_destination port-1-0',
      'driver migration_destination.before port-1-0',
      'hook before_vm_migrate_destination',
      'driver migration_destination.after port-1-0',
      'hook after_vm_migrate_destination',
      'hook after_device_migrate_destination port-1-0',
    ])

    const { stdout } = await destination.host.exec(guest(vmId, '-4', 'addr', 'show', 'dev', 'eth0'))
    assert.match(stdout, /192\.0\.2\.7\/24/)
    assert.match((await destination.host.exec(guest(vmId, 'route'))).stdout, /default via 192\.0\.2\.1 dev eth0/)
    const asks = async () => /udhcpc .*-r 192\.0\.2\.7/.test((await destination.processes(vmId)).join('\n'))
    assert.ok(await until(asks, 30_000), 'it asks for the address that it has')
    const dumped = await destination.call<Record<string, string>>('Host.dumpxmls', { vmList: [vmId] })
    const [nic] = readDomain(dumped[vmId]!).nics
    assert.deepEqual(nic!.custom, vm.nics[0]!.custom)
    assert.equal(nic!.network, 'blue', 'the name of the network travels with it')

    // The engine does this on the source; VDSM runs these hooks there once more.
    const before = source.bed.journal(vmId).length
    await source.destroy(vmId)
    assert.deepEqual(source.bed.journal(vmId).slice(before), [
      'hook before_device_destroy port-1-0',
      'hook before_vm_destroy',
      'hook after_vm_destroy',
      'hook after_device_destroy port-1-0',
    ])
    await source.assertClean()
  })

  test('goes there and back again, also when nobody cleaned up between', async () => {
    const { source, destination } = pair
    const { vmId } = await pair.running(2, 2)
    await pair.migrate(vmId)
    await destination.until(vmId, 'Up')
    await source.until(vmId, 'Down')
    await pair.migrate(vmId, { from: destination, to: source.host.address })
    await source.until(vmId, 'Up')
    await destination.until(vmId, 'Down')
    assert.equal((await source.processes(vmId)).length, 2)
  })

  test('a driver without verbs for migration is asked to plug there and to unplug here', async () => {
    const { source, destination } = pair
    const { vmId } = await pair.running(3, 0, { nics: [testNic(3, 0, { pluginType: 'OLD' })] })
    const known = source.bed.journal(vmId).length
    await pair.migrate(vmId)
    await destination.until(vmId, 'Up')
    await source.until(vmId, 'Down')
    const drivers = (lines: string[]) => lines.filter((line) => line.startsWith('driver'))
    assert.deepEqual(drivers(source.bed.journal(vmId).slice(known)), [
      'driver unplug_device.before port-3-0',
      'driver unplug_device.after port-3-0',
    ])
    assert.deepEqual(drivers(destination.bed.journal(vmId)), [
      'driver plug_device.before port-3-0',
      'driver plug_device.after port-3-0',
    ])
  })

  test('the destination is ready before the source lets go, and nothing else happens to the VM meanwhile', async () => {
    const { source, destination } = pair
    const { vmId } = await pair.running(4)
    source.bed.at('before_vm_migrate_source', vmId, 'hold')
    destination.bed.at('migration_destination.after', vmId, 'hold')
    await pair.migrate(vmId)
    await source.bed.reached('before_vm_migrate_source', vmId)
    assert.deepEqual(destination.bed.journal(vmId), [])
    source.bed.release('before_vm_migrate_source', vmId)
    await destination.bed.reached('migration_destination.after', vmId)
    assert.equal((await source.processes(vmId)).length, 1, 'it runs here')
    assert.deepEqual(await destination.processes(vmId), [], 'and not there')
    assert.equal((await source.stats(vmId)).status, 'Migration Source')
    assert.equal((await destination.stats(vmId)).status, 'Migration Destination')
    assert.deepEqual(await migrationStatus(vmId), {
      status: { code: 0, message: 'Migration in progress' },
      progress: 0,
    })

    for (const agent of [source, destination]) {
      for (const verb of ['VM.pause', 'VM.cont']) await assert.rejects(agent.call(verb, { vmID: vmId }), { code: 51 })
      await assert.rejects(agent.hotplug(vmId, testNic(4, 1)), { code: 51 })
      await assert.rejects(agent.hotunplug(vmId, testNic(4, 0).alias), { code: 51 })
    }
    await assert.rejects(pair.migrate(vmId), { code: 51 })
    destination.bed.release('migration_destination.after', vmId)
    await destination.until(vmId, 'Up')
    await source.until(vmId, 'Down')
  })
  test('it has moved also when the driver of the source cannot let go; that is tried again at the end', async () => {
    const { source, destination } = pair
    const { vmId } = await pair.running(40)
    source.bed.at('migration_source.after', vmId, 'fail stuck')
    await pair.migrate(vmId)
    assert.equal((await source.until(vmId, 'Down', 'Up')).exitReason, 4)
    assert.equal((await destination.stats(vmId)).status, 'Up')
    await source.destroy(vmId)
    assert.ok(source.bed.journal(vmId).includes('driver unplug_device.after port-40-0'))
  })
})
