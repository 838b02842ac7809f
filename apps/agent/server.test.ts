// The agent's API as a client meets it: shapes of answers, hooks and drivers in reports, and whatever a client may send.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { afterEach, describe, test } from 'node:test'
import { connectVdsm } from '@patchbay/vdsm-rpc/client.ts'
import { labUnavailable } from '../../lab/lab-unavailable.ts'
import { agentPort, type LabAgent } from './testing/lab-agent.ts'
import { useAgent } from './testing/use-agent.ts'
import { hotplugDiskXml, testNic, testVm } from './testing/vm-xml.ts'

describe('the API of an agent', { skip: labUnavailable() }, () => {
  let agent: LabAgent
  useAgent(
    (started) => {
      agent = started
    },
    ({ address }) => ({
      config: { 'driver-timeout': 1, 'host-name': 'host-a.example', 'health-listen': `${address}:54322` },
    }),
  )
  afterEach(() => agent.clear())

  const call = (verb: string, params?: object) => agent.call<any>(verb, params)
  /** A hook script beside those that are there anyway, until the work is done. */
  async function withHook<Result>(point: string, script: string, work: () => Promise<Result>): Promise<Result> {
    const path = join(agent.bed.hooksDir, point, '60_more')
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `#!/bin/sh\n${script}\n`)
    chmodSync(path, 0o755)
    try {
      return await work()
    } finally {
      rmSync(path)
    }
  }
  const isTotal = (value: unknown) => assert.match(String(value), /^\d+$/)

  test('Host.getCapabilities has the shapes of VDSM, with what drivers and hooks add', async () => {
    const caps = await withHook(
      'after_get_caps',
      `sed -i 's|^{|{"openstack_binding_host_ids": {"X": "y"}, |' "$_hook_json"`,
      () => call('Host.getCapabilities'),
    )
    assert.match(caps.uuid, /^[0-9a-f-]{36}$/)
    assert.equal(caps.hostName, 'host-a.example')
    const { underlay0 } = caps.nics
    assert.deepEqual(Object.keys(caps.nics), ['underlay0'])
    assert.equal(underlay0.mtu, '1600')
    assert.equal(underlay0.addr, agent.host.address)
    assert.equal(underlay0.netmask, '255.255.255.0')
    assert.deepEqual(underlay0.ipv4addrs, [`${agent.host.address}/24`])
    assert.equal(typeof underlay0.speed, 'number')
    assert.match(underlay0.hwaddr, /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/)
    for (const key of ['networks', 'bondings', 'vlans', 'bridges']) assert.deepEqual(caps[key], {}, key)
    assert.equal(caps.netConfigDirty, 'False')
    assert.equal(caps.lastClientIface, 'underlay0')
    assert.equal(typeof caps.ovnConfigured, 'boolean')
    assert.match(caps.hooks.before_vm_start['50_test'].checksum, /^[0-9a-f]{64}$/)
    assert.equal(caps.scriptedWasHere, true)
    assert.deepEqual(caps.openstack_binding_host_ids, { X: 'y' })
    assert.deepEqual(
      caps.vifDrivers.map(({ name }: { name: string }) => name),
      ['scripted', 'noop'],
    )
    const network = await call('Host.getNetworkCapabilities')
    assert.deepEqual(network.nics, caps.nics)
  })

  test('Host.hostdevListByCaps has the devices that the kernel has, and what hooks make of them', async () => {
    const all = await call('Host.hostdevListByCaps')
    assert.deepEqual(all.computer, { params: { capability: 'system', is_assignable: 'true' } })
    assert.deepEqual(Object.keys(await call('Host.hostdevListByCaps', { caps: ['system'] })), ['computer'])
    const hidden = `sed -i 's|"computer"|"somewhere"|' "$_hook_json"; exit 1`
    const listed = await withHook('after_hostdev_list_by_caps', hidden, () => call('Host.hostdevListByCaps'))
    assert.deepEqual(Object.keys(listed), ['somewhere', ...Object.keys(all).slice(1)])
  })

  test('a driver that fails, hangs or answers nonsense costs the host neither its capabilities nor its statistics', async () => {
    const vm = testVm(1, 1)
    await agent.create(vm)
    for (const what of ['fail no', 'throw undefined', 'answer null', 'answer [1]', 'hold']) {
      agent.bed.at('get_caps', '', what)
      agent.bed.at('get_stats', vm.vmId, what)
      const [caps, [stats], [all]] = await Promise.all([
        call('Host.getCapabilities'),
        call('VM.getStats', { vmID: vm.vmId }),
        call('Host.getAllVmStats'),
      ])
      assert.equal(caps.hostName, 'host-a.example', what)
      assert.equal(caps.scriptedWasHere, undefined, what)
      for (const each of [stats, all]) {
        assert.equal(each.status, 'Up', what)
        assert.equal(each.scriptedWasHere, undefined, what)
      }
    }
    agent.bed.releaseAll()
    assert.equal((await call('Host.getCapabilities')).scriptedWasHere, true)
  })

  test('a hook that vetoes a report has code 1500, that of VM.getStats code 78', async () => {
    const vm = testVm(2, 0)
    await agent.create(vm)
    for (const [point, verb, code, message] of [
      ['before_get_caps', 'Host.getCapabilities', 1500, "Hook Error: (b'no\\n',)"],
      ['before_get_stats', 'Host.getStats', 1500, "Hook Error: (b'no\\n',)"],
      ['before_get_all_vm_stats', 'Host.getAllVmStats', 1500, "Hook Error: (b'no\\n',)"],
      ['before_get_vm_stats', 'VM.getStats', 78, "Hook error: Hook Error: (b'no\\n',)"],
    ] as const) {
      await withHook(point, 'echo no >&2; exit 1', () =>
        assert.rejects(call(verb, { vmID: vm.vmId }), { code, message }),
      )
    }
  })

  test('broken JSON after a report is dropped, and what a hook adds to statistics is told', async () => {
    const vm = testVm(3, 1)
    await agent.create(vm)
    const broken = () => withHook('after_get_caps', 'echo "{" > "$_hook_json"', () => call('Host.getCapabilities'))
    assert.equal((await broken()).hostName, 'host-a.example')
    const addTap = `sed -i 's|"network":{|"network":{"vhost0":{"name":"vhost0"},|' "$_hook_json"`
    const [stats] = await withHook('after_get_vm_stats', addTap, () => call('VM.getStats', { vmID: vm.vmId }))
    assert.equal(stats.network.vhost0.name, 'vhost0')
    const all = await withHook('after_get_all_vm_stats', addTap, () => call('Host.getAllVmStats'))
    assert.equal(all[0].network.vhost0.name, 'vhost0')
    const linkDown = `sed -i 's|"state":"up"|"state":"down"|g' "$_hook_json"`
    const { network } = await withHook('after_get_stats', linkDown, () => call('Host.getStats'))
    assert.ok(Object.values<any>(network).every(({ state }) => state === 'down'))
  })

  test('a guest that is no machine has no disks, memory, CPUs or console, and no script is asked about them', async () => {
    const { vmId } = testVm(5, 0)
    await agent.create(testVm(5, 0))
    const before = agent.bed.journal(vmId)
    const disk = hotplugDiskXml({ target: 'vdb', alias: 'ua-b', file: '/tmp/b' })
    const ticket = { password: 'p', ttl: '60' }
    const noMachine = { code: 44, message: 'guests of netns have no disks, memory, CPUs or consoles' }
    for (const [verb, params] of [
      ['VM.hotplugDisk', { params: { vmId, xml: disk } }],
      ['VM.hotunplugDisk', { params: { vmId, xml: disk } }],
      ['VM.hotplugMemory', { params: { vmId, memory: { size: '128', node: 0 } } }],
      ['VM.setNumberOfCpus', { numberOfCpus: 2 }],
      ['VM.setTicket', { ...ticket, existingConnAction: 'keep', params: {} }],
      ['VM.updateDevice', { params: { deviceType: 'graphics', graphicsType: 'vnc', ...ticket } }],
    ] as const)
      await assert.rejects(call(verb, { vmID: vmId, ...params }), noMachine, verb)
    for (const [verb, params, code] of [
      ['VM.hotplugDisk', { params: { xml: disk } }, 11],
      ['VM.hotplugDisk', { params: { vmId } }, 11],
      ['VM.hotplugMemory', { params: { vmId, memory: { size: 'much', node: 0 } } }, 91],
      ['VM.setNumberOfCpus', {}, 11],
      ['VM.setNumberOfCpus', { numberOfCpus: -1 }, 91],
      ['VM.setNumberOfCpus', { numberOfCpus: 1, cpusets: ['0; reboot'] }, 91],
      ['VM.setTicket', { password: 'p' }, 11],
      ['VM.setTicket', { ...ticket, params: { fips: 'true' } }, 18],
      ['VM.setTicket', { ...ticket, params: ['x'] }, 91],
      ['VM.updateDevice', { params: { deviceType: 'tpm' } }, 44],
    ] as const)
      await assert.rejects(call(verb, { vmID: vmId, ...params }), { code }, verb)
    await assert.rejects(call('VM.setNumberOfCpus', { vmID: 'nobody', numberOfCpus: 1 }), { code: 1 })
    assert.deepEqual(agent.bed.journal(vmId), before)
  })

  test('Host.getStats and VM.getStats count in strings', async () => {
    const vm = testVm(4, 1)
    await agent.create(vm)
    const { network, ...host } = await call('Host.getStats')
    for (const link of Object.values<any>(network)) {
      for (const key of ['rx', 'tx', 'rxErrors', 'txErrors', 'rxDropped', 'txDropped', 'speed']) isTotal(link[key])
      assert.ok(['up', 'down'].includes(link.state))
      assert.equal(typeof link.sampleTime, 'number')
      assert.equal(typeof link.duplex, 'string')
    }
    const [tap = ''] = Object.keys((await agent.stats(vm.vmId)).network!)
    assert.deepEqual(Object.keys(network).toSorted(), ['lo', 'underlay0', tap].toSorted())
    for (const share of ['cpuUser', 'cpuSys', 'cpuIdle']) assert.match(host[share], /^\d+\.\d\d$/)
    for (const number of ['memFree', 'swapTotal', 'swapFree', 'vmCount']) assert.equal(typeof host[number], 'number')
    isTotal(host.memUsed)
    assert.deepEqual(host.storageDomains, {})
    isTotal(host.rxDropped)
    isTotal(host.txDropped)
    assert.equal(host.netConfigDirty, 'False')
    assert.deepEqual([host.vmCount, host.vmActive, host.vmMigrating], [1, 1, 0])
    const statistics = await call('Host.getNetworkStatistics')
    assert.deepEqual(Object.keys(statistics).toSorted(), ['network', 'rxDropped', 'txDropped'])

    const [stats] = await call('VM.getStats', { vmID: vm.vmId })
    const { sampleTime, ...nic } = stats.network[tap]
    assert.deepEqual(Object.keys(nic).toSorted(), [
      ...['macAddr', 'name', 'rx', 'rxDropped', 'rxErrors', 'speed', 'state', 'tx', 'txDropped', 'txErrors'],
    ])
    assert.equal(nic.macAddr, vm.nics[0]!.mac)
    assert.equal(nic.state, 'unknown')
    assert.equal(typeof sampleTime, 'number')
    for (const key of ['statusTime', 'elapsedTime']) isTotal(stats[key])
    assert.deepEqual(await call('VM.getInfo', { vmID: vm.vmId }).then(({ vmId, status }) => ({ vmId, status })), {
      vmId: vm.vmId,
      status: 'Up',
    })
    const { hash } = stats
    await agent.hotplug(vm.vmId, testNic(4, 1))
    const [changed] = await call('VM.getStats', { vmID: vm.vmId })
    assert.notEqual(changed.hash, hash, 'the engine asks for the XML again')
    assert.equal(Object.keys(changed.network).length, 2)
  })

  test('a VM without NICs has no network in its statistics; lists can be narrowed', async () => {
    const [first, second] = [testVm(5, 0), testVm(6, 0)]
    await agent.create(first)
    await agent.create(second)
    const [stats] = await call('VM.getStats', { vmID: first.vmId })
    assert.equal('network' in stats, false)
    const ids = async (verb: string, params: object) =>
      (await call(verb, params)).map(({ vmId }: any) => vmId).toSorted()
    for (const verb of ['Host.getVMList', 'Host.getVMFullList']) {
      assert.deepEqual(await ids(verb, {}), [first.vmId, second.vmId])
      assert.deepEqual(await ids(verb, { vmList: [second.vmId] }), [second.vmId])
    }
    assert.deepEqual(await ids('Host.getVMList', [false, [second.vmId], false]), [second.vmId])
    assert.deepEqual(Object.keys(await call('Host.dumpxmls', { vmList: [first.vmId] })), [first.vmId])
  })

  test('bad requests have codes, and the agent stays', async () => {
    await assert.rejects(call('VM.explode'), { code: -32601 })
    await assert.rejects(call('toString'), { code: -32601 })
    const verbs = ['VM.create', 'VM.destroy', 'VM.pause', 'VM.cont', 'VM.getInfo', 'VM.getStats', 'VM.migrate']
    for (const verb of [
      ...verbs,
      'VM.hotplugNic',
      'VM.hotunplugNic',
      'VM.migrationCreate',
      'VM.getMigrationStatus',
      'VM.hotplugDisk',
      'VM.setTicket',
    ]) {
      await assert.rejects(call(verb), { code: 11, message: /^Missing required parameter: / }, verb)
      for (const wrong of [null, 42, [], {}, true]) {
        const params = { vmID: wrong, vmParams: wrong, params: wrong }
        const refused = ({ code, message }: any) => {
          assert.ok([11, 91].includes(code), `${verb} with ${JSON.stringify(wrong)}: ${code} ${message}`)
          return true
        }
        await assert.rejects(call(verb, params), refused)
      }
    }
    for (const xml of [42, ['<domain/>'], { toString: 'x' }])
      await assert.rejects(call('VM.create', { vmID: 'x', vmParams: { xml } }), {
        code: 91,
        message: /xml must be a string/,
      })
    for (const vmList of [42, 'all', { length: 1 }]) assert.deepEqual(await call('Host.getVMList', { vmList }), [])
    assert.equal(await call('Host.ping2'), true)
    assert.deepEqual(await call('Host.getVMList', []), [], 'parameters by position')
  })

  test('what is too large or too odd costs its sender the call or the connection, and the agent nothing', async () => {
    const odd = {
      'an entity bomb': `<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><domain><name>&b;</name></domain>`,
      'a file of the host': '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><domain><name>&x;</name></domain>',
      'a long document': `<domain><name>${'x'.repeat(2_000_000)}</name></domain>`,
      'a deep document': `<domain>${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}</domain>`,
      'an unknown entity': '<domain><name>&lol;</name></domain>',
      'no XML': '\u0000\uffff',
    }
    for (const [what, xml] of Object.entries(odd)) {
      await assert.rejects(call('VM.create', { vmID: 'x', vmParams: { xml } }), { code: 9 }, what)
    }
    const sender = await connectVdsm({ host: agent.host.address, port: agentPort })
    await assert.rejects(
      sender.call('VM.create', { vmParams: { xml: 'x'.repeat(9_000_000) } }),
      /connection|closed|sent/i,
    )
    await sender.close()
    const garbage = connect({ host: agent.host.address, port: agentPort })
    garbage.on('error', () => {}).write('\u0016\u0003\u0001 this is no STOMP\n\n\u0000'.repeat(100))
    garbage.resume()
    await once(garbage, 'close')
    assert.equal(await call('Host.ping2'), true)
    assert.deepEqual(await call('Host.getVMList'), [])
  })

  test('metrics and health are served beside it', async () => {
    await agent.create(testVm(7, 1))
    const get = (path: string) => fetch(`http://${agent.host.address}:54322${path}`)
    assert.equal((await get('/healthz')).status, 200)
    assert.equal((await get('/readyz')).status, 200)
    const metrics = await (await get('/metrics')).text()
    assert.match(metrics, /agent_vms\{status="Up"\} 1/)
    assert.match(metrics, /agent_command_seconds_count\{command="ip"\} \d+/)
    assert.match(metrics, /agent_driver_seconds_count\{driver="\w+",verb="plug_device \(after\)"\} \d+/)
  })

  test('neither files nor memory grow over a hundred plugs', async () => {
    const vms = [0, 1, 2, 3].map((index) => testVm(20 + index, 1))
    await Promise.all(vms.map((vm) => agent.create(vm)))
    const plugs = async (rounds: number) => {
      const plug = async (n: number) => {
        const nic = testNic(20 + n, 1)
        for (let round = 0; round < rounds; round++) {
          await agent.hotplug(vms[n]!.vmId, nic)
          await agent.hotunplug(vms[n]!.vmId, nic.alias)
        }
      }
      await Promise.all(vms.map((_, index) => plug(index)))
    }
    const open = () => readdirSync(`/proc/${agent.process.pid}/fd`).length
    await plugs(5)
    const before = { open: open(), heap: await heap() }
    await plugs(25)
    const left = { open: open(), heap: await heap() }
    assert.ok(left.open <= before.open + 2, `${before.open} files were open, then ${left.open}`)
    assert.ok(left.heap < before.heap + 30_000_000, `${before.heap} bytes of heap were used, then ${left.heap}`)
    for (const { vmId } of vms) assert.equal((await agent.processes(vmId)).length, 1)
  })

  /** As the agent's metrics have it, which says nothing of garbage: hence the room above. */
  async function heap(): Promise<number> {
    const metrics = await (await fetch(`http://${agent.host.address}:54322/metrics`)).text()
    return Number(/^nodejs_heap_size_used_bytes (\S+)/m.exec(metrics)?.[1])
  }

  test('twenty VMs created at once all come up, and all go', async () => {
    const vms = Array.from({ length: 20 }, (_, index) => testVm(100 + index, 2))
    const stats = await Promise.all(vms.map((vm) => agent.create(vm)))
    assert.deepEqual(new Set(stats.map(({ status }) => status)), new Set(['Up']))
    assert.equal((await call('Host.getAllVmStats')).length, 20)
    await Promise.all(vms.map(({ vmId }) => agent.destroy(vmId)))
    assert.deepEqual(await call('Host.getVMList'), [])
  })
})
