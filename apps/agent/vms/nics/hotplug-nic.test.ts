// VM.hotplugNic and VM.hotunplugNic on a real agent: results, repetition, vetoes, failures and what is left of them.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { readInterface } from '@patchbay/vif-driver/interface-xml.ts'
import { labUnavailable } from '../../../../lab/lab-unavailable.ts'
import { readDomain } from '../../domain-xml/domain.ts'
import type { LabAgent } from '../../testing/lab-agent.ts'
import { useAgent } from '../../testing/use-agent.ts'
import { hotplugXml, testNic, testVm } from '../../testing/vm-xml.ts'

const vm = testVm(1, 1)
const { vmId } = vm
/** The NIC that a test plugs. */
const nic = testNic(1, 1)

describe('hot plug and hot unplug', { skip: labUnavailable() }, () => {
  let agent: LabAgent
  useAgent(
    (started) => {
      agent = started
    },
    () => ({ config: { 'driver-timeout': 3 } }),
  )
  before(() => agent.create(vm))

  const call = (verb: string, params: object) => agent.call<any>(verb, params)
  const dump = async () => (await agent.call<Record<string, string>>('Host.dumpxmls', { vmList: [vmId] }))[vmId]!
  const macs = async () => readDomain(await dump()).nics.map(({ mac }) => mac)
  const guestLinks = async () =>
    (await agent.host.exec(['ip', '-n', `vm-${vmId}`, '-j', 'link'])).stdout.match(/eth\d+/g)?.join(' ')
  /** The lines since `work` began. */
  async function journalOf(work: () => Promise<unknown>): Promise<string[]> {
    const known = agent.bed.journal(vmId).length
    await work()
    return agent.bed.journal(vmId).slice(known)
  }
  /** With something to do at a point, until `work` is done. */
  async function withAt(point: string, what: string, work: () => Promise<unknown>): Promise<void> {
    agent.bed.at(point, vmId, what)
    await work().finally(() => agent.bed.release(point, vmId))
  }
  async function assertUnchanged(): Promise<void> {
    assert.deepEqual(await macs(), [vm.nics[0]!.mac])
    assert.equal(await guestLinks(), 'eth0')
    assert.equal((await agent.processes(vmId)).length, 1)
    assert.equal((await agent.stats(vmId)).status, 'Up')
  }

  test('a NIC comes and goes, with hooks and driver in the documented order', async () => {
    const plugged = await journalOf(async () => {
      const { devices, xml } = await agent.hotplug(vmId, nic)
      assert.deepEqual(
        devices.filter(({ macAddr }) => macAddr === nic.mac),
        [{ macAddr: nic.mac, alias: nic.alias }],
      )
      assert.deepEqual(readDomain(xml).nics.at(-1)!.custom, nic.custom)
    })
    assert.deepEqual(plugged, [
      'hook before_nic_hotplug port-1-1',
      'driver plug_device.before port-1-1',
      'driver plug_device.after port-1-1',
      'hook after_nic_hotplug port-1-1',
    ])
    assert.equal(await guestLinks(), 'eth0 eth1')
    assert.equal((await agent.processes(vmId)).length, 2)
    const { network } = await agent.stats(vmId)
    assert.ok(Object.values(network!).some(({ macAddr }) => macAddr === nic.mac))

    const unplugged = await journalOf(async () => assert.deepEqual(await agent.hotunplug(vmId, nic.alias), {}))
    assert.deepEqual(unplugged, [
      'hook before_nic_hotunplug port-1-1',
      'driver unplug_device.before port-1-1',
      'driver unplug_device.after port-1-1',
      'hook after_nic_hotunplug port-1-1',
    ])
    await assertUnchanged()
  })

  test('a plug or unplug that is asked for again changes nothing', async () => {
    await agent.hotplug(vmId, nic)
    const again = await journalOf(() => agent.hotplug(vmId, nic))
    assert.deepEqual(again, [])
    await agent.hotunplug(vmId, nic.alias)
    assert.deepEqual(await journalOf(() => agent.hotunplug(vmId, nic.alias)), [])
    await assertUnchanged()
  })

  test('what the hook leaves is what is attached', async () => {
    const rename = `sed -i 's|<bandwidth/>|<target dev="hooked1"/>|' "$_hook_domxml"`
    await withAt('before_nic_hotplug', rename, async () => {
      const { xml } = await agent.hotplug(vmId, nic)
      assert.equal(readInterface(readDomain(xml).nics.at(-1)!.xml).targetDev, 'hooked1')
    })
    await agent.hotunplug(vmId, nic.alias)
    await assertUnchanged()
  })

  test('the hook of an unplug sees the interface as it is, and what it leaves is dropped', async () => {
    await agent.hotplug(vmId, nic)
    const copy = join(agent.bed.dir, 'unplugged.xml')
    await withAt('before_nic_hotunplug', `cp "$_hook_domxml" '${copy}'; echo nonsense > "$_hook_domxml"`, () =>
      agent.hotunplug(vmId, nic.alias),
    )
    const seen = readInterface(readFileSync(copy, 'utf8'))
    assert.equal(seen.mac, nic.mac)
    assert.equal(seen.alias, nic.alias)
    await assertUnchanged()
  })

  test('a MAC address or alias that the VM has already is refused', async () => {
    const sameMac = { ...nic, mac: vm.nics[0]!.mac }
    await assert.rejects(agent.hotplug(vmId, sameMac), { code: 49, message: /NIC with the MAC address 02:00:/ })
    const sameAlias = { ...nic, alias: vm.nics[0]!.alias }
    await assert.rejects(agent.hotplug(vmId, sameAlias), { code: 49, message: /NIC with the alias ua-nic-1-0 already/ })
    await assertUnchanged()
  })

  test("what cannot be understood is refused in the verb's own code", async () => {
    const plug = (xml: string) => call('VM.hotplugNic', { vmID: vmId, params: { vmId, xml } })
    const unplug = (xml: string) => call('VM.hotunplugNic', { vmID: vmId, params: { vmId, xml } })
    for (const [xml, message] of [
      ['<hotplug>', /malformed XML/],
      ['<hotplug/>', /no <devices>/],
      ['<hotplug><devices/></hotplug>', /exactly one <interface>/],
      [hotplugXml(nic).replace(/<mac [^>]*>/, ''), /no MAC address/],
      [hotplugXml(nic).replaceAll(nic.mac, '02:00 link del underlay0'), /is not a MAC address/],
      [hotplugXml(nic).replace('size="1442"', 'size="big"'), /MTU of the interface is no number/],
      ['<!DOCTYPE x [<!ENTITY a "b">]><hotplug/>', /document type declaration/],
    ] as const) {
      await assert.rejects(plug(xml), { code: 49, message }, xml)
    }
    await assert.rejects(unplug('<hotunplug/>'), { code: 50, message: /no <devices>/ })
    const nameless = '<hotunplug><devices><interface/></devices></hotunplug>'
    await assert.rejects(unplug(nameless), { code: 50, message: /neither alias nor MAC address/ })
    await assertUnchanged()
  })

  test('a VM that is not there has code 1, missing parameters code 11', async () => {
    const params = { vmId: 'nobody', xml: hotplugXml(nic) }
    const message = "Virtual machine does not exist: {'vmId': 'nobody'}"
    for (const verb of ['VM.hotplugNic', 'VM.hotunplugNic']) {
      await assert.rejects(call(verb, { vmID: 'nobody', params }), { code: 1, message })
      await assert.rejects(call(verb, { params }), { code: 11, message: 'Missing required parameter: vmID' })
      await assert.rejects(call(verb, { vmID: vmId, params: { vmId } }), { code: 11, message: /: xml/ })
      await assert.rejects(call(verb, { vmID: vmId, params: { xml: 'x' } }), { code: 11, message: /: vmId/ })
    }
  })

  test('a hook vetoes a plug: nothing is attached, and no hook is told of a failure', async () => {
    await withAt('before_nic_hotplug', 'echo "port P not found" >&2; exit 1', async () => {
      const lines = await journalOf(() =>
        assert.rejects(agent.hotplug(vmId, nic), { code: 1500, message: "Hook Error: (b'port P not found\\n',)" }),
      )
      assert.deepEqual(lines, ['hook before_nic_hotplug port-1-1'])
    })
    await assertUnchanged()
  })

  test('a hook vetoes an unplug: the NIC stays as it was', async () => {
    await agent.hotplug(vmId, nic)
    await withAt('before_nic_hotunplug', 'exit 2', () =>
      assert.rejects(agent.hotunplug(vmId, nic.alias), { code: 1500 }),
    )
    assert.equal(await guestLinks(), 'eth0 eth1')
    await agent.hotunplug(vmId, nic.alias)
    await assertUnchanged()
  })

  test('a driver that cannot plug is asked to unplug, and the hooks of a failure run once the NIC was tried', async () => {
    await withAt('plug_device.before', 'fail no such port', async () => {
      const failed = await journalOf(() =>
        assert.rejects(agent.hotplug(vmId, nic), {
          code: 49,
          message: 'driver scripted, plug_device (before): no such port',
        }),
      )
      assert.deepEqual(failed.slice(2), ['driver unplug_device.after port-1-1'])
    })
    for (const [what, message] of [
      ['fail not wired', /plug_device \(after\): not wired/],
      ['throw undefined', /it threw undefined/],
      ['hold', /did not end within 3 s/],
    ] as const) {
      await withAt('plug_device.after', what, async () => {
        const failed = await journalOf(() => assert.rejects(agent.hotplug(vmId, nic), { code: 49, message }))
        assert.deepEqual(failed.slice(3), [
          'hook after_nic_hotplug_fail port-1-1',
          'driver unplug_device.after port-1-1',
        ])
      })
      await assertUnchanged()
    }
  })

  test('a host that cannot attach is the same kind of failure', async () => {
    await withAt(
      'before_nic_hotplug',
      `sed -i 's|<bandwidth/>|<target dev="underlay0"/>|' "$_hook_domxml"`,
      async () => {
        const lines = await journalOf(() =>
          assert.rejects(agent.hotplug(vmId, nic), { code: 49, message: /this host has a link underlay0 already/ }),
        )
        assert.deepEqual(lines.slice(2), [
          'hook after_nic_hotplug_fail port-1-1',
          'driver unplug_device.after port-1-1',
        ])
      },
    )
    await agent.host.exec(['ip', 'link', 'show', 'underlay0'])
    await assertUnchanged()
  })

  test('a NIC that nobody owns is refused in words', async () => {
    await assert.rejects(agent.hotplug(vmId, testNic(1, 1, { pluginType: 'NOBODY' })), {
      code: 49,
      message: /no driver on this host serves plugin type "NOBODY" .*: configure a driver for it/,
    })
    await assertUnchanged()
  })

  test('a driver that does not let go keeps the NIC, which is connected again', async () => {
    await agent.hotplug(vmId, nic)
    await withAt('unplug_device.before', 'fail in use', async () => {
      const lines = await journalOf(() =>
        assert.rejects(agent.hotunplug(vmId, nic.alias), {
          code: 50,
          message: 'driver scripted, unplug_device (before): in use',
        }),
      )
      assert.deepEqual(lines, [
        'hook before_nic_hotunplug port-1-1',
        'driver unplug_device.before port-1-1',
        'driver plug_device.after port-1-1',
        'hook after_nic_hotunplug_fail port-1-1',
      ])
    })
    assert.equal(await guestLinks(), 'eth0 eth1')
    await agent.hotunplug(vmId, nic.alias)
    await assertUnchanged()
  })

  test('an unplug that fails at its end is finished by the next one, or by the next plug', async () => {
    for (const finish of [
      () => agent.hotunplug(vmId, nic.alias),
      () => agent.hotplug(vmId, nic).then(() => agent.hotunplug(vmId, nic.alias)),
    ]) {
      await agent.hotplug(vmId, nic)
      await withAt('unplug_device.after', 'fail try later', () =>
        assert.rejects(agent.hotunplug(vmId, nic.alias), { code: 50, message: /try later/ }),
      )
      assert.equal(await guestLinks(), 'eth0', 'the guest has lost it')
      await finish()
      await assertUnchanged()
    }
  })

  test('a plug that failed and could not be undone is undone by the next one', async () => {
    agent.bed.at('plug_device.after', vmId, 'fail not wired')
    agent.bed.at('unplug_device.after', vmId, 'fail try later')
    await assert.rejects(agent.hotplug(vmId, nic), { code: 49, message: /not wired/ })
    await assert.rejects(agent.hotplug(vmId, nic), { code: 49, message: /an earlier plug .*try later/ })
    agent.bed.release('plug_device.after', vmId)
    agent.bed.release('unplug_device.after', vmId)
    await agent.hotplug(vmId, nic)
    await agent.hotunplug(vmId, nic.alias)
    await assertUnchanged()
  })

  test('a paused VM can be plugged too; its new NIC asks for an address when it continues', async () => {
    await call('VM.pause', { vmID: vmId })
    assert.deepEqual(await agent.processes(vmId), [])
    await agent.hotplug(vmId, nic)
    assert.deepEqual(await agent.processes(vmId), [])
    await call('VM.cont', { vmID: vmId })
    assert.equal((await agent.processes(vmId)).length, 2)
    await agent.hotunplug(vmId, nic.alias)
    await assertUnchanged()
  })

  test('a NIC that is unplugged right after it came leaves no process', async () => {
    for (let round = 0; round < 5; round++) {
      await agent.hotplug(vmId, nic)
      await agent.hotunplug(vmId, nic.alias)
    }
    await assertUnchanged()
  })

  test('ten NICs plugged at once are all there, and all gone again', async () => {
    const nics = Array.from({ length: 10 }, (_, index) => testNic(1, index + 1))
    await Promise.all(nics.map((each) => agent.hotplug(vmId, each)))
    assert.equal((await macs()).length, 11)
    assert.equal((await agent.processes(vmId)).length, 11)
    await Promise.all(nics.map((each) => agent.hotunplug(vmId, each.alias)))
    await assertUnchanged()
  })

  test('in the end nothing is left', async () => {
    await agent.destroy(vmId)
    await assert.rejects(agent.hotplug(vmId, nic), { code: 1 })
    await agent.assertClean()
  })
})
