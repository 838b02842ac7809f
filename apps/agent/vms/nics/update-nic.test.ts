// VM.updateDevice on a real agent: the link of a NIC, and the hook scripts that have a say in it.
import assert from 'node:assert/strict'
import { afterEach, describe, test } from 'node:test'
import { labUnavailable } from '../../../../lab/lab-unavailable.ts'
import type { LabAgent } from '../../testing/lab-agent.ts'
import { useAgent } from '../../testing/use-agent.ts'
import { hotplugXml, testVm } from '../../testing/vm-xml.ts'

describe('the link of a NIC', { skip: labUnavailable() }, () => {
  let agent: LabAgent
  useAgent((started) => {
    agent = started
  })
  afterEach(() => agent.clear())

  async function running(n: number) {
    const vm = testVm(n)
    await agent.create(vm)
    const known = agent.bed.journal(vm.vmId).length
    const [nic] = vm.nics
    return {
      vm,
      update: (params: object) =>
        agent.call('VM.updateDevice', {
          vmID: vm.vmId,
          params: { deviceType: 'interface', alias: nic!.alias, ...params },
        }),
      isUp: async () =>
        (await agent.host.exec(['ip', 'netns', 'exec', `vm-${vm.vmId}`, 'cat', '/sys/class/net/eth0/carrier']))
          .stdout === '1\n',
      journal: () => agent.bed.journal(vm.vmId).slice(known),
    }
  }
  const xmlOf = async (vmId: string) => (await agent.call<Record<string, string>>('Host.dumpxmls'))[vmId]!

  test('goes down and up, between its hooks, and stays so after a restart', async () => {
    const { vm, update, isUp, journal } = await running(1)
    await update({ linkActive: false })
    assert.equal(await isUp(), false)
    assert.deepEqual(journal(), ['hook before_update_device port-1-0', 'hook after_update_device port-1-0'])
    await agent.kill()
    await agent.start()
    assert.match(await xmlOf(vm.vmId), /<link state="down"\/>/)
    await update({ linkActive: true })
    assert.equal(await isUp(), true)
    assert.match(await xmlOf(vm.vmId), /<link state="up"\/>/)
  })

  test('is told by XML too, like a hot plug', async () => {
    const { vm, update, isUp } = await running(2)
    const { mac, alias } = vm.nics[0]!
    const nic = `<interface type="bridge"><mac address="${mac}"/><alias name="${alias}"/><link state="down"/></interface>`
    await update({ xml: `<hotplug><devices>${nic}</devices></hotplug>` })
    assert.equal(await isUp(), false)
    await assert.rejects(update({ xml: '<hotplug/>' }), { code: 56 })
  })

  test('a script may forbid it or decide otherwise', async () => {
    const { vm, update, isUp, journal } = await running(3)
    agent.bed.at('before_update_device', vm.vmId, 'exit 2')
    await assert.rejects(update({ linkActive: false }), { code: 56 })
    assert.deepEqual(journal(), ['hook before_update_device port-3-0', 'hook after_update_device_fail port-3-0'])
    assert.equal(await isUp(), true)
    agent.bed.at('before_update_device', vm.vmId, `sed -i 's/state="down"/state="up"/' "$_hook_domxml"`)
    await update({ linkActive: false })
    assert.equal(await isUp(), true)
    assert.equal(journal().at(-1), 'hook after_update_device port-3-0')
  })

  test('what cannot be changed is refused, and nothing changes', async () => {
    const { vm, update, isUp } = await running(4)
    await assert.rejects(update({ network: 'red', linkActive: false }), {
      code: 56,
      message: /unplug it to plug it into red/,
    })
    const onRed = hotplugXml({ ...vm.nics[0]!, network: 'red' })
    await assert.rejects(update({ xml: onRed }), { code: 56, message: /unplug it to plug it into red/ })
    const onOwn = hotplugXml({ ...vm.nics[0]!, network: 'red', custom: undefined })
    await assert.rejects(update({ xml: onOwn }), { code: 56 })
    await assert.rejects(update({ alias: 'ua-nobody', linkActive: false }), { code: 56 })
    await assert.rejects(update({ deviceType: 'disk' }), { code: 44 })
    await assert.rejects(update({ deviceType: undefined }), { code: 11 })
    await assert.rejects(update({ alias: undefined }), { code: 11 })
    await update({ network: 'blue' })
    assert.equal(await isUp(), true)
  })
})
