// VM.migrate between two real agents, when either side does not play along: the VM stays where it was.
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { labUnavailable } from '../../../../lab/lab-unavailable.ts'
import { type AgentPair, startAgentPair } from '../../testing/agent-pair.ts'
import type { TestVm } from '../../testing/vm-xml.ts'

describe('a VM stays where it was', { skip: labUnavailable() }, () => {
  let pair: AgentPair
  before(async () => {
    pair = await startAgentPair()
  })
  after(() => pair?.[Symbol.asyncDispose]())
  afterEach(() => pair.clear())
  const migrationStatus = (vmId: string) => pair.source.call<any>('VM.getMigrationStatus', { vmID: vmId })

  /** The VM runs on the source as if nothing had been tried, and the destination does not know it. */
  async function assertStayed({ vmId, nics }: TestVm): Promise<void> {
    const { source, destination } = pair
    await source.until(vmId, 'Up')
    const { network = {} } = await source.stats(vmId)
    assert.deepEqual(
      Object.values(network).map(({ macAddr }) => macAddr),
      nics.map(({ mac }) => mac),
    )
    assert.equal((await source.processes(vmId)).length, nics.length)
    await assert.rejects(destination.stats(vmId), { code: 1 })
  }

  const failures: {
    title: string
    side: 'source' | 'destination'
    at: readonly [point: string, what: string]
    code: number
    says: string | RegExp
    /** The destination had begun, and its driver is asked to unplug. */
    undone: boolean
  }[] = [
    {
      title: 'when a device hook of the source vetoes',
      side: 'source',
      at: ['before_device_migrate_source', 'echo not now >&2; exit 1'],
      code: 12,
      says: "Fatal error during migration: Hook Error: (b'not now\\n',)",
      undone: false,
    },
    {
      title: 'when a hook of the source vetoes',
      side: 'source',
      at: ['before_vm_migrate_source', 'exit 2'],
      code: 12,
      says: "Fatal error during migration: Hook Error: (b'',)",
      undone: false,
    },
    {
      title: 'when the driver of the source fails',
      side: 'source',
      at: ['migration_source.before', 'fail busy'],
      code: 12,
      says: /migration_source \(before\): busy/,
      undone: false,
    },
    {
      title: 'when a device hook of the destination vetoes',
      side: 'destination',
      at: ['before_device_migrate_destination', 'exit 1'],
      code: 78,
      says: "Destination hook failed: Hook Error: (b'',)",
      undone: false,
    },
    {
      title: 'when a hook of the destination vetoes',
      side: 'destination',
      at: ['before_vm_migrate_destination', 'echo full >&2; exit 1'],
      code: 78,
      says: "Destination hook failed: Hook Error: (b'full\\n',)",
      undone: true,
    },
    {
      title: 'when the driver of the destination fails before',
      side: 'destination',
      at: ['migration_destination.before', 'fail no such port'],
      code: 9,
      says: 'driver scripted, migration_destination (before): no such port',
      undone: true,
    },
    {
      title: 'when the driver of the destination fails after',
      side: 'destination',
      at: ['migration_destination.after', 'fail not wired'],
      code: 9,
      says: 'driver scripted, migration_destination (after): not wired',
      undone: true,
    },
    {
      title: 'when the driver of the destination hangs',
      side: 'destination',
      at: ['migration_destination.after', 'hold'],
      code: 9,
      says: /did not end within 3 s/,
      undone: true,
    },
    {
      title: 'when the driver of the destination answers nonsense',
      side: 'destination',
      at: ['migration_destination.before', 'answer {"domxml": "nonsense"}'],
      code: 9,
      says: /malformed XML/,
      undone: true,
    },
  ]
  for (const [index, { title, side, at, code, says, undone }] of failures.entries()) {
    test(title, async () => {
      const { source, destination } = pair
      const vm = await pair.running(10 + index)
      const known = source.bed.journal(vm.vmId).length
      const agent = side === 'source' ? source : destination
      agent.bed.at(at[0], vm.vmId, at[1])
      await pair.migrate(vm.vmId)
      await source.until(vm.vmId, 'Up')
      agent.bed.release(at[0], vm.vmId)
      await assertStayed(vm)
      const { status } = await migrationStatus(vm.vmId)
      assert.equal(status.code, code)
      if (typeof says === 'string') assert.equal(status.message, says)
      else assert.match(status.message, says)

      const portId = vm.nics[0]!.portId
      assert.deepEqual(source.bed.journal(vm.vmId).slice(known).slice(-3), [
        'hook after_vm_migrate_source_fail',
        `hook after_device_migrate_source_fail ${portId}`,
        `driver plug_device.after ${portId}`,
      ])
      const there = destination.bed.journal(vm.vmId)
      assert.equal(there.includes(`driver unplug_device.after ${portId}`), undone, there.join(', '))
      const told = there.includes(`hook after_device_migrate_destination_fail ${portId}`)
      assert.equal(told, side === 'destination', there.join(', '))
      await destination.assertClean()
    })
  }

  test('when nobody listens at the destination', async () => {
    const vm = await pair.running(30)
    await pair.migrate(vm.vmId, { to: `${pair.destination.host.address}:1` })
    await assertStayed(vm)
    assert.match(
      (await migrationStatus(vm.vmId)).status.message,
      /^Fatal error during migration: .*ECONNREFUSED|refused/,
    )
  })

  test('when the destination is where it is', async () => {
    const { source } = pair
    const vm = await pair.running(31)
    await pair.migrate(vm.vmId, { to: source.host.address })
    await assertStayed(vm)
    assert.equal((await migrationStatus(vm.vmId)).status.code, 4)
  })

  test('when the destination has a VM of its own with this id, which is left alone', async () => {
    const { source, destination } = pair
    const vm = await pair.running(32)
    await destination.create(vm)
    await pair.migrate(vm.vmId)
    await source.until(vm.vmId, 'Up')
    assert.equal((await migrationStatus(vm.vmId)).status.code, 4)
    assert.equal((await destination.stats(vm.vmId)).status, 'Up')
    assert.equal((await destination.processes(vm.vmId)).length, 1)
  })

  test('when it is cancelled, while either side gets ready', async () => {
    const { source, destination } = pair
    const places = [
      [source, 'before_vm_migrate_source'],
      [destination, 'before_vm_migrate_destination'],
    ] as const
    for (const [index, [agent, point]] of places.entries()) {
      const vm = await pair.running(34 + index)
      const cancel = () => source.call('VM.migrateCancel', { vmID: vm.vmId })
      await assert.rejects(cancel(), { code: 81 })
      agent.bed.at(point, vm.vmId, 'hold')
      await pair.migrate(vm.vmId)
      await agent.bed.reached(point, vm.vmId)
      await cancel()
      agent.bed.release(point, vm.vmId)
      await assertStayed(vm)
      assert.deepEqual((await migrationStatus(vm.vmId)).status, { code: 47, message: 'Migration canceled' })
      await assert.rejects(cancel(), { code: 81 })
      await destination.assertClean()
    }
  })

  test('when it does not run', async () => {
    const { source } = pair
    const vm = await pair.running(33)
    await assert.rejects(pair.migrate('nobody'), { code: 1 })
    await source.call('VM.pause', { vmID: vm.vmId })
    await assert.rejects(pair.migrate(vm.vmId), { code: 12, message: /is paused/ })
    await assert.rejects(source.call('VM.migrate', { vmID: vm.vmId, params: {} }), { code: 11, message: /: dst/ })
    await assert.rejects(migrationStatus(vm.vmId), { code: 81 })
  })
})
