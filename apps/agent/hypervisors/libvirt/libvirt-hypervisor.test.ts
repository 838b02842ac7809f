// Virtual machines on a host with a libvirtd: the ways in which they end, and what libvirtd's own ends do to them.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { after, afterEach, before, describe, test } from 'node:test'
import { inMachine } from '../../../../lab/guests/guest-shell.ts'
import { libvirtUnavailable } from '../../../../lab/guests/libvirt-unavailable.ts'
import { createLab } from '../../../../lab/lab.ts'
import { until } from '../../../../lab/until.ts'
import { type LibvirtAgent, startLibvirtAgents } from '../../testing/libvirt-agents.ts'
import { type TestVm, testNic, testVm } from '../../testing/vm-xml.ts'

describe('virtual machines', { skip: libvirtUnavailable() }, () => {
  const resources = new AsyncDisposableStack()
  let own: LibvirtAgent
  before(async () => {
    const lab = resources.use(await createLab({ hosts: ['host-a'] }))
    const [agent] = await startLibvirtAgents(lab, () => ({ 'unplug-timeout': 2 }))
    own = resources.use(agent!)
  })
  after(() => resources.disposeAsync())
  afterEach(() => own.agent.clear())

  async function running(n: number, more: Partial<TestVm> = {}): Promise<string> {
    const vm = testVm(n, 1, more)
    const { status, exitMessage } = await own.agent.create(vm, 'Up', 'Paused', 'Down')
    assert.notEqual(status, 'Down', exitMessage)
    return vm.vmId
  }
  const journalSince = (vmId: string, entry: string) => {
    const journal = own.agent.bed.journal(vmId)
    return journal.slice(journal.lastIndexOf(entry))
  }

  test('one whose QEMU is killed is reported as down, and its NIC released', async () => {
    const vmId = await running(1)
    process.kill(await own.qemuOf(vmId), 'SIGKILL')
    const { exitCode, exitReason, exitMessage } = await own.agent.until(vmId, 'Down')
    assert.deepEqual([exitCode, exitReason, exitMessage], [1, 2, 'Lost connection with qemu process'])
    assert.ok(own.agent.bed.journal(vmId).includes('driver unplug_device.after port-1-0'))
    const told = own.agent.events.filter(({ method }) => method === `|virt|VM_status|${vmId}`)
    assert.equal((told.at(-1)!.params as Record<string, { status: string }>)[vmId]!.status, 'Down')
  })

  test('one that shuts itself down is down in good order, and one that somebody destroys by somebody', async () => {
    const vmId = await running(2)
    // It ends before it answers.
    inMachine(own.host, vmId, 'busybox poweroff -f').catch(() => {})
    const { exitCode, exitReason } = await own.agent.until(vmId, 'Down')
    assert.deepEqual([exitCode, exitReason], [0, 7])
    const other = await running(3)
    await own.virsh('destroy', other)
    assert.equal((await own.agent.until(other, 'Down')).exitReason, 6)
  })

  test('a guest that does not let go of its NIC keeps it, plugged', async () => {
    // Its CPUs stand still.
    const vmId = await running(4, { launchPaused: true })
    await assert.rejects(own.agent.hotunplug(vmId, 'ua-nic-4-0'), {
      code: 50,
      message: /the guest did not let go of NIC 02:00:00:04:00:00 within 2 s/,
    })
    assert.deepEqual(journalSince(vmId, 'driver unplug_device.before port-4-0'), [
      'driver unplug_device.before port-4-0',
      'driver plug_device.after port-4-0',
      'hook after_nic_hotunplug_fail port-4-0',
    ])
  })

  test('a NIC without a driver hangs on a bridge of the host', async () => {
    await own.host.exec(['ip', 'link', 'add', 'own', 'type', 'bridge'])
    await using cleanup = new AsyncDisposableStack()
    cleanup.defer(async () => void (await own.host.exec(['ip', 'link', 'delete', 'own'])))
    const vmId = await running(7)
    const nic = { ...testNic(7, 1), network: 'own', custom: {} }
    await own.agent.hotplug(vmId, nic)
    const taps = (await own.host.exec(['ls', '/sys/class/net/own/brif'])).stdout.trim().split('\n')
    assert.equal(taps.length, 1)
    assert.match(await own.virsh('domiflist', vmId), new RegExp(`${taps[0]} .* own .* ${nic.mac}`))
  })

  test("oVirt's filter is there when a NIC needs it; what it stands on is libvirt's own", async () => {
    const vmId = await running(8)
    const nic = { ...testNic(8, 1), filter: 'vdsm-no-mac-spoofing' }
    const missing = await own.agent.hotplug(vmId, nic).then(
      () => '',
      ({ message }) => message as string,
    )
    assert.match(await own.virsh('nwfilter-dumpxml', 'vdsm-no-mac-spoofing'), /<filterref filter='no-mac-spoofing'\/>/)
    // Whether it can be used depends on the packages of this machine.
    assert.match(missing, /^$|no-mac-spoofing|ebtables|firewall/)
  })

  test('what libvirt refuses is told, and nothing of it stays', async () => {
    const vm = testVm(5)
    own.agent.bed.at('before_vm_start', vm.vmId, `sed -i 's|<name>vm5</name>|<name>a/b</name>|' "$_hook_domxml"`)
    const { status, exitMessage } = await own.agent.create(vm)
    assert.equal(status, 'Down')
    assert.match(exitMessage!, /virsh .* create .*name a\/b cannot contain '\/'/)
    const other = await running(6)
    const nic = testNic(6, 1)
    own.agent.bed.at('before_nic_hotplug', other, `sed -i 's/type="virtio"/type="no-such-card"/' "$_hook_domxml"`)
    await assert.rejects(own.agent.hotplug(other, nic), { code: 49, message: /no-such-card|not supported/ })
    assert.equal(Object.keys((await own.agent.stats(other)).network ?? {}).length, 1)
  })

  test('libvirtd ends and comes back: the VM runs on, calls wait, and what happened meanwhile is found out', async () => {
    const [survivor, victim] = [await running(7), await running(8)]
    const pid = await own.qemuOf(victim)
    await own.libvirtd.kill()
    process.kill(pid, 'SIGKILL')
    const plugged = own.agent.hotplug(survivor, testNic(7, 1))
    await own.libvirtd.start()
    await plugged
    assert.equal((await own.agent.until(victim, 'Down')).exitReason, 2)
    const { status, network } = await own.agent.stats(survivor)
    assert.deepEqual([status, Object.keys(network ?? {}).length], ['Up', 2])
  })

  test('libvirtd is killed in the middle of a plug: it goes on when libvirtd is back', async () => {
    const vmId = await running(11)
    for (const [index, point] of ['plug_device.before', 'plug_device.after'].entries()) {
      own.agent.bed.at(point, vmId, 'hold')
      const plugged = own.agent.hotplug(vmId, testNic(11, index + 1))
      await own.agent.bed.reached(point, vmId)
      await own.libvirtd.kill()
      own.agent.bed.release(point, vmId)
      await own.libvirtd.start()
      await plugged
    }
    const { status, network } = await own.agent.stats(vmId)
    assert.deepEqual([status, Object.keys(network ?? {}).length], ['Up', 3])
  })

  test('libvirtd and agent end together: the VM is found again by both', async () => {
    const [survivor, victim] = [await running(9), await running(10)]
    const pid = await own.qemuOf(victim)
    await own.agent.kill()
    await own.libvirtd.kill()
    process.kill(pid, 'SIGKILL')
    await own.libvirtd.start()
    await own.agent.start()
    assert.equal((await own.agent.stats(survivor)).status, 'Up')
    assert.equal((await own.agent.stats(victim)).status, 'Down')
  })

  test('an agent that is killed leaves no virsh behind', async () => {
    const { pid } = own.agent.process
    const children = () => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
    const listens = (child: string) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('event --all')
    assert.ok(await until(() => children().some(listens), 20_000, 20))
    const left = children()
    await own.agent.kill()
    assert.ok(await until(() => !left.some((child) => existsSync(`/proc/${child}`)), 20_000, 20))
    await own.agent.start()
  })
})
