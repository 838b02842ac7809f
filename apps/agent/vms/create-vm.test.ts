// VM.create on a real agent: the order of hooks, driver and CPUs, and what hook scripts see and can ask for.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { readInterface } from '@patchbay/vif-driver/interface-xml.ts'
import { labUnavailable } from '../../../lab/lab-unavailable.ts'
import { until } from '../../../lab/until.ts'
import { readDomain } from '../domain-xml/domain.ts'
import type { LabAgent } from '../testing/lab-agent.ts'
import { useAgent } from '../testing/use-agent.ts'
import { domainXml, testNic, testVm, volume } from '../testing/vm-xml.ts'

describe('VM.create', { skip: labUnavailable() }, () => {
  let agent: LabAgent
  useAgent((started) => {
    agent = started
  })
  const create = (xml: string, vmId = 'ignored') =>
    agent.call<any>('VM.create', { vmID: vmId, vmParams: { vmId, xml } })
  const launchFlags = (vmId: string) => join(agent.host.dir, 'run/vdsm', vmId, 'launchflags')
  const seen = (name: string) => readFileSync(join(agent.bed.dir, name), 'utf8')
  const dump = (name: string) =>
    `cp "$_hook_domxml" '${agent.bed.dir}/${name}.xml'; env > '${agent.bed.dir}/${name}.env'`

  test('answers WaitForLaunch at once; hooks, driver and guest follow in the documented order', async () => {
    const vm = testVm(1, 2)
    const answer = await create(domainXml(vm))
    assert.equal(answer.vmId, vm.vmId)
    assert.equal(answer.status, 'WaitForLaunch')
    assert.equal(answer.xml, domainXml(vm))
    assert.equal(typeof answer.statusTime, 'string')

    const stats = await agent.until(vm.vmId, 'Up')
    assert.deepEqual(agent.bed.journal(vm.vmId), [
      'hook before_device_create port-1-0',
      'driver plug_device.before port-1-0',
      'hook before_device_create port-1-1',
      'driver plug_device.before port-1-1',
      'hook before_vm_start',
      'driver plug_device.after port-1-0',
      'driver plug_device.after port-1-1',
      'hook after_vm_start',
      'hook after_device_create port-1-0',
      'hook after_device_create port-1-1',
    ])
    assert.deepEqual(
      Object.values(stats.network!).map(({ macAddr }) => macAddr),
      vm.nics.map(({ mac }) => mac),
    )
    await agent.destroy(vm.vmId)
    await agent.assertClean()
  })

  test('a device hook sees its interface, the properties of NIC and VM, and nothing else', async () => {
    const custom = { ...testNic(2, 0).custom, color: 'of the NIC', shape: 'round' }
    const vm = testVm(2, 0, { nics: [testNic(2, 0, { custom })], custom: { color: 'of the VM' } })
    agent.bed.at('before_device_create', vm.vmId, dump('before_device_create'))
    agent.bed.at('after_device_create', vm.vmId, dump('after_device_create'))
    await agent.create(vm)

    const environment = new Map(
      seen('before_device_create.env')
        .split('\n')
        .map((line) => line.split(/=(.*)/s) as [string, string]),
    )
    assert.equal(environment.get('vmId'), vm.vmId)
    assert.equal(environment.get('vnic_id'), 'port-2-0')
    assert.equal(environment.get('provider_type'), 'EXTERNAL_NETWORK')
    assert.equal(environment.get('plugin_type'), 'SCRIPTED')
    assert.equal(environment.get('shape'), 'round')
    assert.equal(environment.get('color'), 'of the VM')
    assert.match(environment.get('PYTHONPATH')!, /:\/.*\/hooking$/)
    assert.equal(environment.has('_hook_json'), false)
    assert.ok(!existsSync(environment.get('_hook_domxml')!), 'the data file is gone')

    const given = readInterface(seen('before_device_create.xml'))
    assert.equal(given.sourceBridge, 'blue')
    assert.equal(given.mac, vm.nics[0]!.mac)
    // VDSM would hand an empty file to the hook after; ours get the element as it was realised.
    const realised = readInterface(seen('after_device_create.xml'))
    assert.match(realised.targetDev!, /^vnet/)
    assert.equal(realised.sourceBridge, ';vdsmdummy;')
    await agent.destroy(vm.vmId)
  })

  test('before_vm_start sees the domain with its interfaces at the end, and what it leaves is what runs', async () => {
    const vm = testVm(3, 1)
    agent.bed.at(
      'before_vm_start',
      vm.vmId,
      `${dump('before_vm_start')}; sed -i 's|<memballoon/>|<memballoon/><rng/>|' "$_hook_domxml"`,
    )
    await agent.create(vm)
    const given = seen('before_vm_start.xml')
    assert.match(given, /<memballoon\/><interface type="bridge">/)
    assert.equal(readDomain(given).nics[0]!.custom?.vnic_id, 'port-3-0')
    const dumped = await agent.call<Record<string, string>>('Host.dumpxmls', { vmList: [vm.vmId] })
    assert.match(dumped[vm.vmId]!, /<rng\/>/)
    assert.match(dumped[vm.vmId]!, /<ovirt-vm:network>blue<\/ovirt-vm:network>/)
    await agent.destroy(vm.vmId)
  })

  test('what before_device_create leaves is what the interface becomes', async () => {
    const vm = testVm(4, 0, { nics: [testNic(4, 0, { pluginType: 'NOBODY' })] })
    const connect = `sed -i 's|<source bridge="blue"/>|<source bridge=";vdsmdummy;"/><target dev="hooked0"/>|' "$_hook_domxml"`
    agent.bed.at('before_device_create', vm.vmId, connect)
    const { status, network } = await agent.create(vm)
    assert.equal(status, 'Up')
    assert.deepEqual(Object.keys(network!), ['hooked0'])
    await agent.destroy(vm.vmId)
  })

  test('device hooks run for an empty <custom> before the start alone, and not at all without one', async () => {
    const nics = [testNic(5, 0, { custom: {}, network: '' }), testNic(5, 1, { custom: undefined, network: '' })]
    const vm = testVm(5, 0, { nics })
    const { status } = await agent.create(vm)
    assert.equal(status, 'Up')
    await agent.destroy(vm.vmId)
    assert.deepEqual(agent.bed.journal(vm.vmId), [
      'hook before_device_create',
      'hook before_vm_start',
      'hook after_vm_start',
      'hook before_vm_destroy',
      'hook after_vm_destroy',
    ])
  })

  test('the CPUs start only when the driver says that the port is wired', async () => {
    const vm = testVm(6, 1)
    agent.bed.at('plug_device.after', vm.vmId, 'hold')
    await create(domainXml(vm))
    await agent.bed.reached('plug_device.after', vm.vmId)
    const links = (await agent.host.exec(['ip', '-n', `vm-${vm.vmId}`, '-br', 'link'])).stdout
    assert.match(links, /eth0/, 'the interface is there for the driver to wire')
    assert.deepEqual(await agent.processes(vm.vmId), [])
    assert.equal((await agent.stats(vm.vmId)).status, 'WaitForLaunch')
    // Nobody may start them meanwhile.
    await assert.rejects(agent.call('VM.cont', { vmID: vm.vmId }), { code: 16 })
    await assert.rejects(agent.call('VM.pause', { vmID: vm.vmId }), { code: 16 })

    agent.bed.release('plug_device.after', vm.vmId)
    await agent.until(vm.vmId, 'Up')
    const asks = async () => /udhcpc .*-i eth0/.test((await agent.processes(vm.vmId)).join('\n'))
    assert.ok(await until(asks, 30_000))
    await agent.destroy(vm.vmId)
  })

  test('a hook that sets START_PAUSED gets a VM that waits for VM.cont', async () => {
    const vm = testVm(7, 1)
    agent.bed.at('before_device_create', vm.vmId, `echo 1 > '${launchFlags(vm.vmId)}'`)
    await agent.create(vm, 'Paused')
    assert.deepEqual(await agent.processes(vm.vmId), [])
    assert.ok(!existsSync(launchFlags(vm.vmId)), 'the flags are of the start alone')
    await agent.call('VM.cont', { vmID: vm.vmId })
    assert.equal((await agent.stats(vm.vmId)).status, 'Up')
    assert.equal((await agent.processes(vm.vmId)).length, 1)
    await agent.destroy(vm.vmId)
  })

  test('a hook may continue the VM that it started paused, while the start is still under way', async () => {
    const vm = testVm(8, 1)
    agent.bed.at('before_vm_start', vm.vmId, `echo 1 > '${launchFlags(vm.vmId)}'`)
    const script = join(import.meta.dirname, '../testing/call-agent.ts')
    agent.bed.at('after_vm_start', vm.vmId, `'${process.execPath}' '${script}' VM.cont ${vm.vmId}`)
    const { status } = await agent.create(vm, 'Up', 'Paused')
    assert.equal(status, 'Up')
    assert.equal((await agent.processes(vm.vmId)).length, 1)
    // Waits for the end of the start.
    await agent.destroy(vm.vmId)
    const points = agent.bed.journal(vm.vmId).slice(4, 8)
    assert.deepEqual(points, [
      'hook after_vm_start',
      'hook before_vm_cont',
      'hook after_vm_cont',
      'hook after_device_create port-8-0',
    ])
  })

  test('scripts are asked about volumes, host devices and leases before it starts, and decide what these are', async () => {
    const disk = volume('vda', '/images/v')
    const lease = '<lease><key>k</key><lockspace>s</lockspace><target path="/l"/></lease>'
    const properties = '<ovirt-vm:custom><ovirt-vm:size>big</ovirt-vm:size></ovirt-vm:custom>'
    const vm = testVm(12, 1, {
      custom: { color: 'red' },
      devices: disk.devices + lease,
      metadata: `${disk.metadata}<ovirt-vm:device devtype="lease" name="k">${properties}</ovirt-vm:device>`,
    })
    const local = `sed -i 's|"/images/v"|"/dev/local/v"|; s|"cow"|"raw"|; s|"diskType": *"file"|"diskType":"block"|' "$_hook_json"`
    agent.bed.at('after_disk_prepare', vm.vmId, `cp "$_hook_json" '${agent.bed.dir}/disk.json'; ${local}`)
    const elsewhere = `grep -q '<lease>' "$_hook_domxml" && [ "$size$color" = bigred ] && sed -i 's|/l"|/other"|' "$_hook_domxml"`
    agent.bed.at('before_device_create', vm.vmId, `${elsewhere}; true`)
    await agent.create(vm)
    assert.deepEqual(agent.bed.journal(vm.vmId).slice(0, 5), [
      'hook after_disk_prepare',
      'hook before_device_create port-12-0',
      'driver plug_device.before port-12-0',
      'hook before_device_create',
      'hook before_vm_start',
    ])
    const told = JSON.parse(seen('disk.json'))
    assert.deepEqual([told.path, told.format, told.volumeID], ['/images/v', 'cow', 'v-vda'])
    const domain = (await agent.call<Record<string, string>>('Host.dumpxmls'))[vm.vmId]!
    assert.match(
      domain,
      /<disk type="block"[^>]*><driver name="qemu" type="raw" cache="none"\/><source dev="\/dev\/local\/v"/,
    )
    assert.match(domain, /<lease><key>k<\/key><lockspace>s<\/lockspace><target path="\/other"\/><\/lease>/)
    await agent.destroy(vm.vmId)
    for (const [what, message] of [
      ['echo no such image >&2; exit 1', /no such image/],
      ['echo [] > "$_hook_json"', /scripts of after_disk_prepare left cannot be used/],
    ] as const) {
      agent.bed.at('after_disk_prepare', vm.vmId, what)
      const { status, exitMessage } = await agent.create(vm)
      assert.equal(status, 'Down')
      assert.match(exitMessage!, message)
      await agent.destroy(vm.vmId)
    }
  })

  test('launchPaused of the engine shows in the launch flags, and the VM ends paused', async () => {
    const vm = testVm(9, 1, { launchPaused: true })
    agent.bed.at('before_vm_start', vm.vmId, `cp '${launchFlags(vm.vmId)}' '${agent.bed.dir}/launch-flags'`)
    await agent.create(vm, 'Paused')
    assert.equal(seen('launch-flags'), '1')
    await agent.destroy(vm.vmId)
  })

  test('a VM that is there already is not created again, and what is no domain not at all', async () => {
    const vm = testVm(10, 1)
    await agent.create(vm)
    await assert.rejects(create(domainXml(vm)), { code: 4, message: /Virtual machine already exists/ })
    await agent.destroy(vm.vmId)
    const twins = testVm(11, 0, { nics: [testNic(11, 0), testNic(11, 0)] })
    for (const [xml, message] of [
      ['<domain>', /malformed XML/],
      ['<network/>', /<domain> element was expected/],
      [domainXml(twins), /two interfaces have the MAC address "02:00:00:0b:00:00"/],
      [domainXml(testVm(11)).replace(/<uuid>.*<\/uuid>/, '<uuid>../../etc</uuid>'), /no valid <uuid>/],
    ] as const) {
      await assert.rejects(create(xml), { code: 9, message })
    }
    assert.deepEqual(await agent.call('Host.getVMList'), [])
    await agent.assertClean()
  })
})
