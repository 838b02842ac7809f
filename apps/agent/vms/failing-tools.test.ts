// Tools of the system that fail: at each call of ip that an operation makes.
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
})
