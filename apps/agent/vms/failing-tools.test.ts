// Tools of the system that fail, at each call of ip that an operation makes; and scripts that fill the disk of the agent's state.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { labUnavailable } from '../../../lab/lab-unavailable.ts'
import type { LabAgent } from '../testing/lab-agent.ts'
import { useAgent } from '../testing/use-agent.ts'
import { type TestVm, testNic, testVm } from '../testing/vm-xml.ts'

describe('tools that fail', { skip: labUnavailable() }, () => {
  let agent: LabAgent
  useAgent((started) => {
    agent = started
  })

  test('a start, a plug or an end that meets them fails whole, and can be repeated', async () => {
    /** Each call of ip that the operation makes fails once. Answers how many these are. */
    async function failEach(prepared: (n: number) => Promise<TestVm>, operation: (vm: TestVm) => Promise<unknown>) {
      for (let call = 1; ; call++) {
        const vm = await prepared(200 + call)
        agent.bed.at('ip', vm.vmId, `[ $n != ${call} ] || { echo "no such luck" >&2; exit 1; }`)
        const known = agent.bed.journal(vm.vmId).length
        await operation(vm)
        const calls = agent.bed.journal(vm.vmId).slice(known)
        agent.bed.release('ip', vm.vmId)
        if ((await knownVms()).includes(vm.vmId)) await agent.destroy(vm.vmId)
        await agent.assertClean()
        if (calls.filter((line) => line.startsWith('ip ')).length < call) return call - 1
      }
    }
    const knownVms = async () => (await agent.call<any[]>('Host.getVMList')).map(({ vmId }) => vmId)
    const running = async (n: number) => {
      const vm = testVm(n, 1)
      await agent.create(vm)
      return vm
    }

    const starts = await failEach(
      async (n) => testVm(n, 1),
      async (vm) => {
        const { status, exitMessage = '' } = await agent.create(vm)
        assert.ok(status === 'Up' || /no such luck/.test(exitMessage), `${status} ${exitMessage}`)
      },
    )
    assert.ok(starts > 1)

    const plugs = await failEach(running, async (vm) => {
      const nic = testNic(Number.parseInt(vm.vmId.slice(-12), 16), 1)
      await agent.hotplug(vm.vmId, nic).catch(({ code, message }) => {
        assert.equal(code, 49)
        assert.match(message, /no such luck/)
      })
      assert.equal((await agent.stats(vm.vmId)).status, 'Up')
    })
    assert.ok(plugs > 1)

    const ends = await failEach(running, async (vm) => {
      await agent.destroy(vm.vmId).catch(async ({ code, message }) => {
        assert.equal(code, 100)
        assert.match(message, /no such luck/)
        assert.equal((await agent.stats(vm.vmId)).status, 'Powering down')
      })
    })
    assert.ok(ends > 1)
  })

  test('scripts that fill the disk fail the operation they are for; the VM runs on, and all goes on with room again', async () => {
    const state = '/run/patchbay-agent'
    const sh = (command: string) => agent.host.exec(['sh', '-c', command])
    await agent.kill()
    await sh(`mount -t tmpfs -o size=1m small ${state}`)
    await agent.start()
    const [vm, other] = [testVm(301, 1), testVm(302, 1)]
    for (const each of [vm, other]) assert.equal((await agent.create(each)).status, 'Up')
    const fill = `head -c 2000000 /dev/zero > ${state}/filled 2> /dev/null || true`
    const stateOf = async () =>
      (await sh(`find ${state} -path '*${vm.vmId}*' ! -name '*.log'`)).stdout.split('\n').sort()
    const before = await stateOf()

    for (const [point, nic] of [
      ['before_nic_hotplug', testNic(301, 2)],
      ['ip', testNic(301, 3)],
    ] as const) {
      agent.bed.at(point, vm.vmId, fill)
      await assert.rejects(agent.hotplug(vm.vmId, nic), /no space left on device/, point)
      agent.bed.release(point, vm.vmId)
      assert.equal((await agent.stats(vm.vmId)).status, 'Up')
      assert.ok((await agent.processes(vm.vmId)).length > 0, 'its guest runs')
      assert.deepEqual(Object.keys((await agent.stats(vm.vmId)).network!).length, 1)
      await agent.call('Host.getStats')
      const refused: any = await agent.create(testVm(303, 1)).catch((error) => error)
      assert.match(`${refused.message} ${refused.exitMessage}`, /no space left on device/)
      if (refused.status) await agent.destroy(refused.vmId)
      await sh(`rm ${state}/filled`)
      await agent.hotplug(vm.vmId, nic)
      await agent.hotunplug(vm.vmId, nic.alias)
      assert.deepEqual(await stateOf(), before)
    }

    await sh(fill)
    await agent.destroy(other.vmId).catch(({ message }) => assert.match(message, /no space left on device/))
    await sh(`rm ${state}/filled`)
    await agent.clear()
    assert.equal((await sh(`find ${state} -name '*30[123]*' -o -name '*.new'`)).stdout, '')
    await agent.kill()
    await sh(`umount ${state}`)
    await agent.start()
    await agent.assertClean()
  })
})
