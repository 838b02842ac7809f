// An agent that is killed at any point of any operation: after its restart each VM and each NIC is whole or gone.
import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { connectVdsm } from '@patchbay/vdsm-rpc/client.ts'
import { labUnavailable } from '../../../lab/lab-unavailable.ts'
import { readDomain } from '../domain-xml/domain.ts'
import { agentPort, type LabAgent } from '../testing/lab-agent.ts'
import { useAgent } from '../testing/use-agent.ts'
import { domainXml, type TestVm, testNic, testVm } from '../testing/vm-xml.ts'

/** One VM, held at one point of an operation when the agent is killed. */
interface Held {
  readonly point: string
  readonly vm: TestVm
}

/** Calls that the agent carries out at a time. */
const workers = 8

describe('after SIGKILL and a restart', { skip: labUnavailable() }, () => {
  let agent: LabAgent
  let vmNumber = 0
  /** Runs all the time. */
  const bystander = testVm(1, 2)
  let bystanderProcesses: string

  useAgent((started) => {
    agent = started
  })
  before(async () => {
    await agent.create(bystander)
    bystanderProcesses = await pidsOf(bystander)
  })

  const newVm = (nicCount = 1) => testVm(100 + vmNumber++, nicCount)
  const pidsOf = async ({ vmId }: TestVm) => (await agent.host.exec(['ip', 'netns', 'pids', `vm-${vmId}`])).stdout
  const createCall = (vm: TestVm) =>
    agent.call('VM.create', { vmID: vm.vmId, vmParams: { vmId: vm.vmId, xml: domainXml(vm) } })
  const statuses = async () =>
    Object.fromEntries((await agent.call<any[]>('Host.getVMList')).map(({ vmId, status }) => [vmId, status]))
  const connectedPorts = () => {
    const drivers = join(agent.host.dir, 'run/patchbay-agent/drivers')
    return readdirSync(drivers).flatMap((driver) => {
      const dir = join(drivers, driver, 'connected')
      return existsSync(dir) ? readdirSync(dir) : []
    })
  }
  /** What the domain, the guest and the driver say of a VM's NICs; they must say the same. */
  async function nicsOf({ vmId }: TestVm): Promise<string[]> {
    const dumped = (await agent.call<Record<string, string>>('Host.dumpxmls', { vmList: [vmId] }))[vmId]!
    const { nics } = readDomain(dumped)
    const links = JSON.parse((await agent.host.exec(['ip', '-n', `vm-${vmId}`, '-j', 'link'])).stdout) as any[]
    const inGuest = links.filter(({ ifname }) => ifname !== 'lo').map(({ address }) => address)
    assert.deepEqual(
      inGuest,
      nics.map(({ mac }) => mac),
      'in the guest and in its domain',
    )
    const ports = nics.map(({ custom }) => custom!.vnic_id)
    const prefix = `port-${Number.parseInt(vmId.slice(-12), 16)}-`
    assert.deepEqual(
      connectedPorts()
        .filter((port) => port.startsWith(prefix))
        .toSorted(),
      ports.toSorted(),
    )
    const counted = Object.values((await agent.stats(vmId)).network ?? {}).map(({ macAddr }) => macAddr)
    assert.deepEqual(counted, inGuest, 'in the statistics')
    return nics.map(({ mac }) => mac)
  }

  /** How often an operation calls ip: it is held before each of these calls. */
  async function ipCalls(vm: TestVm, operation: () => Promise<unknown>): Promise<string[]> {
    agent.bed.at('ip', vm.vmId, 'true')
    await operation()
    agent.bed.release('ip', vm.vmId)
    const count = agent.bed.journal(vm.vmId).filter((line) => line.startsWith('ip ')).length
    assert.ok(count > 0)
    return Array.from({ length: count }, (_, index) => `ip#${index + 1}`)
  }

  function holdAt({ point, vm }: Held): void {
    const [name = '', call] = point.split('#')
    agent.bed.at(name, vm.vmId, call ? `[ $n != ${call} ] || { hold; exit 1; }` : 'hold')
  }

  /** Begins the operation with each of them, kills the agent when all are held, and starts it again. */
  async function killAt(held: readonly Held[], operation: (vm: TestVm) => Promise<unknown>): Promise<void> {
    for (const each of held) holdAt(each)
    for (const { vm } of held) operation(vm).catch(() => {})
    await Promise.all(held.map(({ point, vm }) => agent.bed.reached(point.split('#')[0]!, vm.vmId)))
    await agent.kill()
    agent.bed.releaseAll()
    await agent.start()
  }

  /** As `killAt`, as many at a time as the agent works on, each followed by `check`. */
  async function killAtEach(
    points: readonly string[],
    prepared: () => TestVm | Promise<TestVm>,
    operation: (vm: TestVm) => Promise<unknown>,
    check: (held: Held) => Promise<unknown>,
  ): Promise<void> {
    for (let first = 0; first < points.length; first += workers) {
      const some = points.slice(first, first + workers)
      const held = await Promise.all(some.map(async (point) => ({ point, vm: await prepared() })))
      await killAt(held, operation)
      for (const each of held) await withPoint(each, () => check(each))
    }
  }

  async function withPoint({ point }: Held, work: () => Promise<unknown>): Promise<void> {
    await work().catch((error) => {
      error.message = `killed at ${point}: ${error.message}`
      throw error
    })
  }

  async function assertNothingElse(): Promise<void> {
    assert.deepEqual(await statuses(), { [bystander.vmId]: 'Up' })
    assert.deepEqual(
      connectedPorts().toSorted(),
      bystander.nics.map(({ portId }) => portId),
    )
    assert.deepEqual(
      await nicsOf(bystander),
      bystander.nics.map(({ mac }) => mac),
    )
    assert.equal(await pidsOf(bystander), bystanderProcesses, 'the bystander has not noticed')
  }

  test('a VM that was starting is Down with the reason, or Up if its guest ran already', async () => {
    const dry = newVm(2)
    const calls = await ipCalls(dry, () => agent.create(dry))
    await agent.destroy(dry.vmId)
    const dead = ['before_device_create', 'plug_device.before', 'before_vm_start', 'plug_device.after', ...calls]
    const alive = ['after_vm_start', 'after_device_create']
    const held = [...dead, ...alive].map((point) => ({ point, vm: newVm(2) }))
    const paused = { point: 'after_vm_start', vm: { ...newVm(), launchPaused: true } }
    await killAt([...held, paused], createCall)

    for (const each of [...held, paused]) {
      await withPoint(each, async () => {
        const { vm, point } = each
        const { status, exitMessage } = await agent.until(vm.vmId, 'Up', 'Down')
        if (alive.includes(point) && each !== paused) {
          assert.equal(status, 'Up')
          assert.equal((await nicsOf(vm)).length, 2)
          assert.equal((await agent.processes(vm.vmId)).length, 2)
          assert.equal(agent.bed.journal(vm.vmId).at(-1), `hook after_device_create ${vm.nics[1]!.portId}`)
        } else {
          assert.equal(status, 'Down')
          assert.equal(exitMessage, 'The agent was restarted while the VM was starting')
          assert.deepEqual(
            connectedPorts().filter((port) => vm.nics.some(({ portId }) => portId === port)),
            [],
          )
          assert.doesNotMatch((await agent.host.exec(['ip', 'netns'])).stdout, new RegExp(vm.vmId))
        }
        await agent.destroy(vm.vmId)
      })
    }
    await assertNothingElse()
  })

  test('a start that was being undone is undone', async () => {
    const prepared = () => {
      const vm = newVm(2)
      agent.bed.at('plug_device.after', vm.vmId, 'fail not wired')
      return vm
    }
    await killAtEach(['unplug_device.after'], prepared, createCall, async ({ vm }) => {
      assert.equal((await agent.stats(vm.vmId)).status, 'Down')
      await agent.destroy(vm.vmId)
    })
    await assertNothingElse()
  })

  test('a NIC that was being hot-plugged is plugged or gone, and can be plugged again', async () => {
    const nicOf = (vm: TestVm) => testNic(Number.parseInt(vm.vmId.slice(-12), 16), 7)
    const plug = (vm: TestVm) => agent.hotplug(vm.vmId, nicOf(vm))
    const prepared = async () => {
      const vm = newVm()
      await agent.create(vm)
      return vm
    }
    const check = async ({ point, vm }: Held) => {
      const [own] = vm.nics
      const expected = point === 'after_nic_hotplug' ? [own!.mac, nicOf(vm).mac] : [own!.mac]
      assert.deepEqual(await nicsOf(vm), expected)
      assert.equal((await agent.stats(vm.vmId)).status, 'Up')
      assert.equal((await agent.processes(vm.vmId)).length, expected.length)
      await plug(vm)
      assert.deepEqual(await nicsOf(vm), [own!.mac, nicOf(vm).mac])
      await agent.hotunplug(vm.vmId, nicOf(vm).alias)
      await agent.destroy(vm.vmId)
    }
    const dry = await prepared()
    const calls = await ipCalls(dry, () => plug(dry))
    await agent.destroy(dry.vmId)
    const points = ['before_nic_hotplug', 'plug_device.before', 'plug_device.after', 'after_nic_hotplug']
    await killAtEach([...points, ...calls], prepared, plug, check)

    const failing = async () => {
      const vm = await prepared()
      agent.bed.at('plug_device.after', vm.vmId, 'fail not wired')
      return vm
    }
    await killAtEach(['after_nic_hotplug_fail', 'unplug_device.after'], failing, plug, check)
    await assertNothingElse()
  })

  test('a NIC that was being hot-unplugged is gone, unless the hook had not agreed', async () => {
    const prepared = async () => {
      const vm = newVm(2)
      await agent.create(vm)
      return vm
    }
    const unplug = ({ vmId, nics }: TestVm) => agent.hotunplug(vmId, nics[1]!.alias)
    const dry = await prepared()
    const calls = await ipCalls(dry, () => unplug(dry))
    await agent.destroy(dry.vmId)
    const points = ['before_nic_hotunplug', 'unplug_device.before', 'unplug_device.after', 'after_nic_hotunplug']
    await killAtEach([...points, ...calls], prepared, unplug, async ({ point, vm }) => {
      const macs = vm.nics.map(({ mac }) => mac)
      assert.deepEqual(await nicsOf(vm), point === 'before_nic_hotunplug' ? macs : macs.slice(0, 1))
      assert.equal((await agent.stats(vm.vmId)).status, 'Up')
      await unplug(vm)
      assert.deepEqual(await nicsOf(vm), macs.slice(0, 1))
      await agent.destroy(vm.vmId)
    })
    await assertNothingElse()
  })

  test('a VM that was being destroyed is unknown, unless the hook had not agreed', async () => {
    const prepared = async () => {
      const vm = newVm(2)
      await agent.create(vm)
      return vm
    }
    const destroy = ({ vmId }: TestVm) => agent.destroy(vmId)
    const dry = await prepared()
    const calls = await ipCalls(dry, () => destroy(dry))
    const points = [
      ...['before_device_destroy', 'before_vm_destroy', 'unplug_device.before', 'unplug_device.after'],
      ...['after_vm_destroy', 'after_device_destroy'],
    ]
    await killAtEach([...points, ...calls], prepared, destroy, async ({ point, vm }) => {
      if (point !== 'before_device_destroy') return assert.rejects(agent.stats(vm.vmId), { code: 1 })
      assert.equal((await agent.stats(vm.vmId)).status, 'Up')
      assert.equal((await nicsOf(vm)).length, 2)
      await agent.destroy(vm.vmId)
    })
    await assertNothingElse()
  })

  test('a VM that was being paused or continued is what its status says', async () => {
    const running = async () => {
      const vm = newVm()
      await agent.create(vm)
      return vm
    }
    const pause = ({ vmId }: TestVm) => agent.call('VM.pause', { vmID: vmId })
    const resume = ({ vmId }: TestVm) => agent.call('VM.cont', { vmID: vmId })
    const paused = async () => {
      const vm = await running()
      await pause(vm)
      return vm
    }
    const check = async ({ vm }: Held) => {
      const { status } = await agent.stats(vm.vmId)
      assert.ok(['Up', 'Paused'].includes(status), status)
      if (status === 'Up') assert.equal((await agent.processes(vm.vmId)).length, 1)
      await resume(vm)
      assert.equal((await agent.processes(vm.vmId)).length, 1)
      await pause(vm)
      assert.deepEqual(await agent.processes(vm.vmId), [])
      await agent.destroy(vm.vmId)
    }
    const dry = await running()
    const pauseCalls = await ipCalls(dry, () => pause(dry))
    const dryPaused = await paused()
    const resumeCalls = await ipCalls(dryPaused, () => resume(dryPaused))
    for (const vm of [dry, dryPaused]) await agent.destroy(vm.vmId)
    await killAtEach(['before_vm_pause', 'after_vm_pause', ...pauseCalls], running, pause, check)
    await killAtEach(['before_vm_cont', 'after_vm_cont', ...resumeCalls], paused, resume, check)
    await assertNothingElse()
  })

  test('calls have code 99 until all is recovered, and a recovery that is killed too is begun again', async () => {
    const vm = newVm()
    await agent.create(vm)
    for (const round of [1, 2]) {
      agent.bed.at('unplug_device.after', vm.vmId, 'hold')
      const restarted = round === 1 ? agent.destroy(vm.vmId) : agent.start()
      restarted.catch(() => {})
      await agent.bed.reached('unplug_device.after', vm.vmId)
      if (round === 2) {
        const client = await connectVdsm({ host: agent.host.address, port: agentPort })
        for (const method of ['Host.ping2', 'Host.getVMList', 'VM.getStats'])
          await assert.rejects(client.call(method, { vmID: bystander.vmId }), {
            code: 99,
            message: /Recovering from crash/,
          })
        await client.close()
      }
      await agent.kill()
    }
    agent.bed.releaseAll()
    await agent.start()
    await assertNothingElse()
  })

  test('a guest that somebody ended meanwhile is Down', async () => {
    const vm = newVm()
    await agent.create(vm)
    await agent.kill()
    await agent.host.exec(['sh', '-c', `ip netns pids vm-${vm.vmId} | xargs kill -9; ip netns del vm-${vm.vmId}`])
    await agent.start()
    const { status, exitReason, exitMessage } = await agent.stats(vm.vmId)
    assert.equal(status, 'Down')
    assert.equal(exitReason, 9)
    assert.match(exitMessage!, /guest was gone/)
    await agent.destroy(vm.vmId)
    await assertNothingElse()
  })

  test('what an agent leaves when it is told to end is the same', async () => {
    await agent.process.stop()
    await agent.start()
    await assertNothingElse()
    await agent.destroy(bystander.vmId)
    await agent.assertClean()
  })
})
