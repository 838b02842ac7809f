// Agents that are killed at any point of a migration, one of them or both: exactly one host runs the VM in the end, and
// never two.
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { labUnavailable } from '../../../../lab/lab-unavailable.ts'
import { type AgentPair, startAgentPair } from '../../testing/agent-pair.ts'
import type { LabAgent } from '../../testing/lab-agent.ts'
import { type TestVm, testVm } from '../../testing/vm-xml.ts'

type Side = 'source' | 'destination'
type Point = `${Side} ${string}`

const hookAndDriverPoints: readonly Point[] = [
  'source before_device_migrate_source',
  'source migration_source.before',
  'source before_vm_migrate_source',
  'destination before_device_migrate_destination',
  'destination migration_destination.before',
  'destination before_vm_migrate_destination',
  'destination migration_destination.after',
  'destination after_vm_migrate_destination',
  'destination after_device_migrate_destination',
  'source migration_source.after',
  'source after_vm_migrate_source',
  'source after_device_migrate_source',
]

const bothSides: readonly Side[] = ['source', 'destination']

/** Calls that the destination carries out at a time; a held migration keeps one. */
const workers = 7

describe('a migration whose agents are killed', { skip: labUnavailable() }, () => {
  let pair: AgentPair
  let agents: Record<Side, LabAgent>
  let points: readonly Point[]
  let vmNumber = 1
  before(async () => {
    pair = await startAgentPair()
    agents = pair
    points = [...hookAndDriverPoints, ...(await ipPoints())]
  })
  after(() => pair?.[Symbol.asyncDispose]())
  afterEach(() => pair.clear())

  const newVm = () => testVm(vmNumber++, 1)
  const migrate = ({ vmId }: TestVm) => pair.migrate(vmId)

  /** A migration is also held before each call of ip on either side. */
  async function ipPoints(): Promise<Point[]> {
    const vm = newVm()
    await agents.source.create(vm)
    for (const side of bothSides) agents[side].bed.at('ip', vm.vmId, 'true')
    await migrate(vm)
    await agents.source.until(vm.vmId, 'Down')
    await agents.destination.until(vm.vmId, 'Up')
    const points = bothSides.flatMap((side) => {
      const calls = agents[side].bed.journal(vm.vmId).filter((line) => line.startsWith('ip '))
      return calls.map((_, index): Point => `${side} ip#${index + 1}`)
    })
    await pair.clear()
    return points
  }

  function hold(point: Point, { vmId }: TestVm, killed: readonly Side[]): () => Promise<void> {
    const [side, name] = point.split(' ') as [Side, string]
    const [where = '', call] = name.split('#')
    const { bed } = agents[side]
    // A command of an agent that is killed must not be carried out when it is released.
    const then = killed.includes(side) ? 'hold; exit 1' : 'hold'
    bed.at(where, vmId, call ? `[ $n != ${call} ] || { ${then}; }` : 'hold')
    return () => bed.reached(where, vmId)
  }

  /** Guests with a process in them. A VM that is paused has none. */
  async function runningOn(vm: TestVm): Promise<Side[]> {
    const on = async (side: Side) => {
      const { host } = agents[side]
      const list = `ip netns pids vm-${vm.vmId} 2> /dev/null || true`
      return (await host.exec(['sh', '-c', list])).stdout.trim() === '' ? [] : [side]
    }
    return (await Promise.all([on('source'), on('destination')])).flat()
  }

  async function assertOneRuns(point: Point, vm: TestVm): Promise<Side> {
    const { vmId } = vm
    const settled = ['Up', 'Down', 'gone']
    const [here, there] = await Promise.all([
      agents.source.until(vmId, ...settled, 'Paused'),
      agents.destination.until(vmId, ...settled, 'Paused'),
    ])
    const statuses = `${point}: ${here.status} on the source, ${there.status} on the destination`
    const up = [here, there].filter(({ status }) => status === 'Up')
    assert.equal(up.length, 1, statuses)
    const side: Side = up[0] === here ? 'source' : 'destination'
    assert.deepEqual(await runningOn(vm), [side], statuses)
    const stats = side === 'source' ? here : there
    assert.deepEqual(
      Object.values(stats.network ?? {}).map(({ macAddr }) => macAddr),
      vm.nics.map(({ mac }) => mac),
      statuses,
    )
    // It is a VM like any other.
    const agent = agents[side]
    await agent.call('VM.pause', { vmID: vmId })
    await agent.call('VM.cont', { vmID: vmId })
    return side
  }

  async function killedAtEach(killed: readonly Side[]): Promise<Record<Side, number>> {
    const kept = { source: 0, destination: 0 }
    for (let first = 0; first < points.length; first += workers) {
      const some = points.slice(first, first + workers).map((point) => ({ point, vm: newVm() }))
      await Promise.all(some.map(({ vm }) => agents.source.create(vm)))
      const reached = some.map(({ point, vm }) => hold(point, vm, killed))
      await Promise.all(some.map(({ vm }) => migrate(vm)))
      await Promise.all(reached.map((wait) => wait()))
      await Promise.all(killed.map((side) => agents[side].kill()))
      for (const { point, vm } of some) {
        const on = await runningOn(vm)
        assert.ok(on.length < 2, `${point}: it runs on both when the agent is killed`)
      }
      for (const side of bothSides) agents[side].bed.releaseAll()
      await Promise.all(killed.map((side) => agents[side].start()))
      for (const { point, vm } of some) kept[await assertOneRuns(point, vm)]++
      await pair.clear()
    }
    return kept
  }

  test('the source is killed', async () => {
    const kept = await killedAtEach(['source'])
    assert.ok(kept.source > 0 && kept.destination > 0, JSON.stringify(kept))
  })

  test('the destination is killed', async () => {
    const kept = await killedAtEach(['destination'])
    assert.ok(kept.source > 0 && kept.destination > 0, JSON.stringify(kept))
  })

  test('both are killed', async () => {
    const kept = await killedAtEach(['source', 'destination'])
    assert.ok(kept.source > 0 && kept.destination > 0, JSON.stringify(kept))
  })

  test('the source comes back when its VM was handed over, paused there, and is not run twice', async () => {
    const vm = newVm()
    const { source, destination } = agents
    await source.create(vm)
    const reached = hold('source migration_source.after', vm, ['source'])
    await migrate(vm)
    await reached()
    await source.kill()
    await destination.until(vm.vmId, 'Up')
    await destination.call('VM.pause', { vmID: vm.vmId })
    source.bed.releaseAll()
    await source.start()
    assert.equal((await source.until(vm.vmId, 'Down', 'Up')).exitReason, 4)
    assert.equal((await destination.stats(vm.vmId)).status, 'Paused')
  })

  test('the source comes back when its VM was handed over and destroyed there: it stays paused until VM.cont', async () => {
    const vm = newVm()
    const { source, destination } = agents
    await source.create(vm)
    // The source has let go and does not know more: the destination is killed as it starts the guest.
    const reached = hold('destination after_vm_migrate_destination', vm, ['destination'])
    const stuck = hold('source ip#4', vm, ['source'])
    await migrate(vm)
    await Promise.all([reached(), stuck()])
    await source.kill()
    destination.bed.releaseAll()
    await destination.until(vm.vmId, 'Up')
    await destination.destroy(vm.vmId)
    source.bed.releaseAll()
    await source.start()
    await source.until(vm.vmId, 'Paused')
    assert.deepEqual(await runningOn(vm), [])
    const { status } = await source.call<any>('VM.getMigrationStatus', { vmID: vm.vmId })
    assert.match(status.message, /was handed over to .*, which has no such VM now: it stays paused here until VM.cont/)
    await source.call('VM.cont', { vmID: vm.vmId })
    assert.equal((await source.stats(vm.vmId)).status, 'Up')
    assert.deepEqual(await runningOn(vm), ['source'])
    await destination.until(vm.vmId, 'gone')
  })
})
