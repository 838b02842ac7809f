// What an agent promises of its guests, whatever runs them: the same tests for each hypervisor.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { inNamespace } from '../../../lab/guests/guest.ts'
import { inMachine } from '../../../lab/guests/guest-shell.ts'
import { libvirtUnavailable } from '../../../lab/guests/libvirt-unavailable.ts'
import { createLab } from '../../../lab/lab.ts'
import { labUnavailable } from '../../../lab/lab-unavailable.ts'
import { until } from '../../../lab/until.ts'
import { type LabAgent, startLabAgent } from '../testing/lab-agent.ts'
import { startLibvirtAgents } from '../testing/libvirt-agents.ts'
import { domainXml, hotplugXml, type TestNic, type TestVm, testNic, testVm } from '../testing/vm-xml.ts'

const kinds = [
  { name: 'netns', skip: labUnavailable(), start: startOnNamespaces, inGuest: inNamespace },
  { name: 'libvirt', skip: libvirtUnavailable(), start: startOnLibvirt, inGuest: inMachine },
] as const

for (const { name, skip, start, inGuest } of kinds) {
  describe(`guests of ${name}`, { skip }, () => {
    const resources = new AsyncDisposableStack()
    let agent: LabAgent
    /** Runs from the second test on. */
    const vm: TestVm = testVm(1, 1, { launchPaused: true })
    before(async () => {
      agent = await start(resources)
    })
    after(() => resources.disposeAsync())

    const guestSays = (line: string, what: RegExp) =>
      until(async () => what.test(await inGuest(agent.host, vm.vmId, line)), 60_000, 50)
    const call = (verb: string, params: object = {}) => agent.call(verb, { vmID: vm.vmId, ...params })
    const setLink = (linkActive: boolean) =>
      call('VM.updateDevice', { params: { deviceType: 'interface', alias: vm.nics[0]!.alias, linkActive } })

    test('a VM starts paused with its interfaces in place, and runs once it is continued', async () => {
      const { status, network, exitMessage } = await agent.create(vm, 'Paused', 'Down')
      assert.equal(status, 'Paused', exitMessage)
      const [tap] = Object.values(network ?? {})
      assert.equal(tap?.macAddr, vm.nics[0]!.mac)
      await call('VM.cont')
      assert.equal((await agent.stats(vm.vmId)).status, 'Up')
      assert.ok(await guestSays('cat /sys/class/net/eth0/address', new RegExp(vm.nics[0]!.mac)))
    })

    test('it is paused and continued, also twice', async () => {
      for (const [verb, status] of [
        ['VM.pause', 'Paused'],
        ['VM.pause', 'Paused'],
        ['VM.cont', 'Up'],
        ['VM.cont', 'Up'],
      ] as const) {
        await call(verb)
        assert.equal((await agent.stats(vm.vmId)).status, status)
      }
    })

    test('its link goes down and comes back', async () => {
      assert.ok(await guestSays('cat /sys/class/net/eth0/carrier', /1/))
      await setLink(false)
      assert.ok(await guestSays('cat /sys/class/net/eth0/carrier', /0/))
      await setLink(true)
      assert.ok(await guestSays('cat /sys/class/net/eth0/carrier', /1/))
      const update = { deviceType: 'interface', alias: 'ua-nobody', linkActive: false }
      await assert.rejects(call('VM.updateDevice', { params: update }), { code: 56 })
    })

    test('a NIC is hot-plugged into it, and is gone from it when the unplug is answered', async () => {
      const nic = testNic(1, 1)
      await agent.hotplug(vm.vmId, nic)
      assert.ok(await guestSays('cat /sys/class/net/*/address', new RegExp(nic.mac)))
      assert.equal(Object.keys((await agent.stats(vm.vmId)).network ?? {}).length, 2)
      await agent.hotunplug(vm.vmId, nic.alias)
      assert.doesNotMatch(await inGuest(agent.host, vm.vmId, 'cat /sys/class/net/*/address'), new RegExp(nic.mac))
      assert.equal(Object.keys((await agent.stats(vm.vmId)).network ?? {}).length, 1)
    })

    test('a NIC on a bridge of the host goes to another one while it is plugged, and off all of them', async (t) => {
      const nic = testNic(1, 3, { custom: undefined, network: 'own-a' })
      const onHost = async (...argv: string[]) => (await agent.host.exec(argv)).stdout.trim()
      for (const bridge of ['own-a', 'own-b']) await onHost('ip', 'link', 'add', bridge, 'up', 'type', 'bridge')
      t.after(() => Promise.all(['own-a', 'own-b'].map((made) => onHost('ip', 'link', 'del', made))))
      await agent.hotplug(vm.vmId, nic)
      const { network = {} } = await agent.stats(vm.vmId)
      const tap = Object.keys(network).find((name) => network[name]!.macAddr === nic.mac)!
      const bridge = async () => JSON.parse(await onHost('ip', '-j', 'link', 'show', tap))[0].master
      const isIsolated = async () =>
        JSON.parse(await onHost('bridge', '-d', '-j', 'link', 'show', 'dev', tap))[0].isolated
      const move = (to: string, more: Partial<TestNic> = {}) =>
        call('VM.updateDevice', {
          params: { deviceType: 'interface', xml: hotplugXml({ ...nic, ...more, network: to }) },
        })
      assert.equal(await bridge(), 'own-a')
      assert.equal(await isIsolated(), false)
      await move('own-b', { isIsolated: true })
      assert.deepEqual([await bridge(), await isIsolated()], ['own-b', true])
      await assert.rejects(move('own-c'), { code: 56 })
      assert.equal(await bridge(), 'own-b')
      await move(';vdsmdummy;')
      assert.notEqual(await bridge(), 'own-b')
      await agent.hotunplug(vm.vmId, nic.alias)
    })

    test('it hibernates, and goes on where it was', async () => {
      await inGuest(agent.host, vm.vmId, 'ip addr add 10.77.0.5/24 dev eth0')
      await call('VM.hibernate', { hibernationVolHandle: 'state-1' })
      const { exitReason, exitMessage } = await agent.until(vm.vmId, 'Down', 'Up')
      assert.equal(exitReason, 5, exitMessage)
      await agent.destroy(vm.vmId)
      await agent.assertClean()
      await call('VM.create', { vmParams: { vmId: vm.vmId, xml: domainXml(vm), hiberVolHandle: 'state-1' } })
      const restored = await agent.until(vm.vmId, 'Up', 'Down')
      assert.equal(restored.status, 'Up', restored.exitMessage)
      assert.ok(await guestSays('ip addr show dev eth0', /10\.77\.0\.5/))
    })

    test('after a restart of the agent it is found again with its NIC, its properties and its driver', async () => {
      await agent.kill()
      await agent.start()
      const stats = await agent.stats(vm.vmId)
      assert.deepEqual([stats.status, 'scriptedWasHere' in stats], ['Up', true])
      const { [vm.vmId]: xml } = await agent.call<Record<string, string>>('Host.dumpxmls', { vmList: [vm.vmId] })
      assert.match(xml!, /vnic_id>port-1-0</)
      assert.ok(await guestSays('cat /sys/class/net/eth0/carrier', /1/))
    })

    test('an agent that is killed while it plugs leaves nothing of the NIC, and the VM running', async () => {
      const nic = testNic(1, 2)
      agent.bed.at('plug_device.after', vm.vmId, 'hold')
      agent.hotplug(vm.vmId, nic).catch(() => {})
      await agent.bed.reached('plug_device.after', vm.vmId)
      await agent.kill()
      agent.bed.releaseAll()
      await agent.start()
      const { status, network } = await agent.stats(vm.vmId)
      assert.deepEqual([status, Object.keys(network ?? {}).length], ['Up', 1])
      assert.ok(await guestSays('ls /sys/class/net', /^(eth0\nlo|lo\neth0)\n$/))
    })

    test('its end leaves nothing on the host', () => agent.clear())
  })
}

async function startOnNamespaces(resources: AsyncDisposableStack): Promise<LabAgent> {
  const lab = resources.use(await createLab({ hosts: ['host-a'] }))
  return resources.use(await startLabAgent(lab.host('host-a')))
}

async function startOnLibvirt(resources: AsyncDisposableStack): Promise<LabAgent> {
  const lab = resources.use(await createLab({ hosts: ['host-a'] }))
  const [own] = await startLibvirtAgents(lab)
  return resources.use(own!).agent
}
