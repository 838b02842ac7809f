// Disks, memory, CPUs and the console of a virtual machine are changed while it runs, with hook scripts around each change.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, before, describe, test } from 'node:test'
import { libvirtUnavailable } from '../../../../lab/guests/libvirt-unavailable.ts'
import { createLab } from '../../../../lab/lab.ts'
import { documentedHooks, installProbes, probed } from '../../testing/hook-probes.ts'
import { type LibvirtAgent, startLibvirtAgents } from '../../testing/libvirt-agents.ts'
import { hotplugDiskXml, hotunplugDiskXml, testVm } from '../../testing/vm-xml.ts'

describe('the machine of a VM', { skip: libvirtUnavailable() }, () => {
  const resources = new AsyncDisposableStack()
  let own: LibvirtAgent
  let vmId: string
  before(async () => {
    const lab = resources.use(await createLab({ hosts: ['host-a'] }))
    const [agent] = await startLibvirtAgents(lab, () => ({ 'unplug-timeout': 20 }))
    own = resources.use(agent!)
    const vm = testVm(1, 0, { extensible: true, custom: { color: 'red' } })
    const { status, exitMessage } = await own.agent.create(vm)
    assert.equal(status, 'Up', exitMessage)
    vmId = vm.vmId
    installProbes(own.agent)
  })
  after(() => resources.disposeAsync())
  afterEach(() => own.agent.bed.releaseAll())

  const real = () => own.virsh('dumpxml', vmId)
  const known = async () => (await own.agent.call<Record<string, string>>('Host.dumpxmls'))[vmId]!
  const disk = (target: string) => {
    const file = join(own.host.dir, `${target}.raw`)
    writeFileSync(file, Buffer.alloc(1_048_576))
    return { target, alias: `ua-disk-${target}`, file, custom: { disk_id: `id-of-${target}` } }
  }
  const plug = (xml: string) => own.agent.call('VM.hotplugDisk', { vmID: vmId, params: { vmId, xml } })
  const unplug = (alias: string) =>
    own.agent.call('VM.hotunplugDisk', { vmID: vmId, params: { vmId, xml: hotunplugDiskXml(alias) } })
  /** What a script at this point gets, in a file. */
  const told = (point: string) => {
    const file = join(own.host.dir, point)
    own.agent.bed.at(point, vmId, `{ env; cat "$_hook_domxml"; } > '${file}'`)
    return () => readFileSync(file, 'utf8')
  }

  test('memory and CPUs join it', async () => {
    const memory = (params: object) => own.agent.call('VM.hotplugMemory', { vmID: vmId, params: { vmId, ...params } })
    const cpus = (params: object) => own.agent.call('VM.setNumberOfCpus', { vmID: vmId, ...params })
    own.agent.bed.at('before_memory_hotplug', vmId, 'exit 1')
    await assert.rejects(memory({ memory: { size: 128, node: 0 } }), { code: 1500 })
    own.agent.bed.at('before_memory_hotplug', vmId, `sed -i 's|>131072<|>262144<|' "$_hook_domxml"`)
    const plugged = told('after_memory_hotplug')
    assert.deepEqual(await memory({ memory: { size: 128, node: 0 } }), {})
    assert.match(plugged(), /^color=red[\s\S]*<memory model="dimm"><target><size unit="KiB">262144</m)
    await assert.rejects(memory({ memory: { size: 4096, node: 0 } }), { code: 70 })
    await assert.rejects(memory({ xml: '<x><devices><disk/></devices></x>' }), { code: 70, message: /one <memory>/ })

    assert.deepEqual(await cpus({ numberOfCpus: 2, cpusets: ['0', '0'] }), {})
    await assert.rejects(cpus({ numberOfCpus: 9 }), { code: 60 })
    await assert.rejects(cpus({ numberOfCpus: 2, cpusets: ['0'] }), { code: 91, message: /length of cpusets/ })
    for (const xml of [await real(), await known()]) {
      assert.match(xml, /<memory model=["']dimm["']>[\s\S]*>262144</)
      assert.match(xml, /<vcpu[^>]*>2</)
      assert.doesNotMatch(xml, /<vcpu[^>]* current=/)
    }
    assert.match(await own.virsh('vcpupin', vmId), /1 +0\b/)
  })

  test('its console gets a password for a while, which stays nowhere; scripts get what the caller says', async () => {
    const heard = told('before_vm_set_ticket')
    const ticket = { password: 'secret-1', ttl: 120, existingConnAction: 'keep', params: { userName: 'eve' } }
    assert.equal(await own.agent.call('VM.setTicket', { vmID: vmId, ...ticket }), true)
    assert.match(heard(), /^userName=eve[\s\S]*<domain/m)
    const secret = await own.virsh('dumpxml', '--security-info', vmId)
    const validTo = /passwd='secret-1' passwdValidTo='([^']*)'/.exec(secret)![1]
    const seconds = (Date.parse(`${validTo}Z`) - Date.now()) / 1000
    assert.ok(seconds > 60 && seconds <= 120, `${seconds} s`)
    assert.doesNotMatch(await known(), /secret-1/)
    const { password, ttl, params } = { ...ticket, password: 'secret-2' }
    const update = { deviceType: 'graphics', password, ttl, params }
    const updated = (more: object) => own.agent.call('VM.updateDevice', { vmID: vmId, params: { ...update, ...more } })
    assert.deepEqual(await updated({ graphicsType: 'vnc' }), {})
    assert.match(await own.virsh('dumpxml', '--security-info', vmId), /passwd='secret-2'/)
    await assert.rejects(updated({ graphicsType: 'spice' }), { code: 56, message: /no console of type spice/ })
    assert.ok(own.agent.bed.journal(vmId).includes('hook after_vm_set_ticket'))
  })

  test('what libvirt does not take is refused with its words, and the scripts after it do not run', async () => {
    const after = () => own.agent.bed.journal(vmId).filter((line) => line.includes('after_disk_hotplug')).length
    const before = after()
    const missing = { ...disk('vdc'), file: '/nowhere.raw' }
    await assert.rejects(plug(hotplugDiskXml(missing)), { code: 45, message: /nowhere\.raw/ })
    await assert.rejects(plug('<hotplug><devices><interface/></devices></hotplug>'), {
      code: 45,
      message: /one <disk>/,
    })
    assert.equal(after(), before)
    assert.doesNotMatch(await known(), /vdc/)
  })

  test('a disk is plugged and unplugged; scripts hear of it, and may change it or refuse it', async () => {
    const refused = disk('vdb')
    own.agent.bed.at('before_disk_hotplug', vmId, 'echo no more disks >&2; exit 1')
    await assert.rejects(plug(hotplugDiskXml(refused)), { code: 1500, message: /no more disks/ })
    assert.doesNotMatch(await real(), /vdb/)

    own.agent.bed.at('before_disk_hotplug', vmId, `sed -i 's|</disk>|<serial>by-hook</serial></disk>|' "$_hook_domxml"`)
    const after = told('after_disk_hotplug')
    assert.deepEqual(await plug(hotplugDiskXml(refused)), {})
    assert.match(await real(), /<target dev='vdb'[\s\S]*<serial>by-hook<\/serial>/)
    assert.match(await known(), /name="vdb"[^>]*><ovirt-vm:custom><ovirt-vm:disk_id>id-of-vdb[\s\S]*<serial>by-hook/)
    assert.match(after(), /^disk_id=id-of-vdb$/m)
    assert.match(after(), /^color=red$/m)
    assert.match(after(), new RegExp(`<source file="${refused.file}"/>.*<serial>by-hook</serial></disk>`))
    await assert.rejects(plug(hotplugDiskXml(refused)), { code: 45, message: /alias detected: ua-disk-vdb/ })

    own.agent.bed.at('before_disk_hotunplug', vmId, 'exit 1')
    await assert.rejects(unplug(refused.alias), { code: 1500 })
    own.agent.bed.release('before_disk_hotunplug', vmId)
    const left = told('after_disk_hotunplug')
    assert.deepEqual(await unplug(refused.alias), {})
    assert.doesNotMatch(await real(), /vdb/)
    assert.doesNotMatch(await known(), /vdb/)
    assert.match(left(), /^disk_id=id-of-vdb[\s\S]*<target dev="vdb"/m)
    await assert.rejects(unplug(refused.alias), { code: 46, message: 'Disk not found' })
  })

  test('its hook points have come with the payload and the environment of the documentation', () => {
    const documented = documentedHooks().filter(({ ofMachine }) => ofMachine)
    const seen = new Set(probed(own.agent))
    assert.deepEqual(
      documented.filter(({ line }) => !seen.has(line)),
      [],
    )
    assert.equal(documented.length, 10)
  })

  test('libvirtd is killed in the middle of a plug: it goes on when libvirtd is back', async () => {
    own.agent.bed.at('before_disk_hotplug', vmId, 'hold')
    const plugged = plug(hotplugDiskXml(disk('vde')))
    await own.agent.bed.reached('before_disk_hotplug', vmId)
    await own.libvirtd.kill()
    own.agent.bed.release('before_disk_hotplug', vmId)
    await own.libvirtd.start()
    assert.deepEqual(await plugged, {})
    for (const domain of [await real(), await known()]) assert.match(domain, /ua-disk-vde/)
  })

  test('what was plugged is there when the agent is killed, and when the VM hibernated', async () => {
    const extra = disk('vdd')
    own.agent.bed.at('after_disk_hotplug', vmId, 'hold')
    const cut = plug(hotplugDiskXml(extra)).catch((error) => error)
    await own.agent.bed.reached('after_disk_hotplug', vmId)
    await own.agent.kill()
    await cut
    own.agent.bed.releaseAll()
    await own.agent.start()
    assert.match(await known(), /vdd/)
    await own.agent.call('VM.hibernate', { vmID: vmId, hibernationVolHandle: 'here' })
    await own.agent.until(vmId, 'Down')
    const xml = await known()
    await own.agent.destroy(vmId)
    await own.agent.call('VM.create', { vmID: vmId, vmParams: { vmId, xml, hiberVolHandle: 'here' } })
    assert.equal((await own.agent.until(vmId, 'Up', 'Down')).status, 'Up')
    for (const domain of [await real(), await known()])
      assert.match(domain, /<memory model=[\s\S]*vdd|vdd[\s\S]*<memory model=/)
    await unplug(extra.alias)
    assert.doesNotMatch(await real(), /vdd/)
  })
})
