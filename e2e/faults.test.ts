// What goes wrong in the middle: it is told in words that help, nothing is left of it, and the next attempt succeeds.
import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, before, describe, test } from 'node:test'
import { labUnavailable } from '../lab/lab-unavailable.ts'
import { importNetwork } from '../lab/services/engine-scene.ts'
import { until } from '../lab/until.ts'
import { type Bed, startBed } from './bed.ts'
import { assertInvariants } from './invariants.ts'
import { tellLogs } from './log-tails.ts'
import { addRunningVm, addVm } from './operations.ts'

// For the services of the laboratory: short, so that what never comes is not waited for long.
process.env.PATCHBAY_ENGINE_PROVIDER_TIMEOUT = '3'
process.env.PATCHBAY_ENGINE_HOST_PATIENCE = '2'
const hookTimeoutS = 3

describe('faults', { skip: labUnavailable() }, () => {
  let bed: Bed
  before(async () => {
    bed = await startBed((_host, drivers) => ({
      'hook-timeout': hookTimeoutS,
      drivers: [...drivers, { driver: join(import.meta.dirname, 'half-way-driver.ts') }],
    }))
  })
  after(() => bed?.[Symbol.asyncDispose]())
  afterEach((t) => {
    if (bed && 'passed' in t && !t.passed) tellLogs(t, bed)
  })

  const nicsOf = (vm: { path: string }) => bed.engine.list(`${vm.path}/nics`)
  const portsOf = async (vm: { path: string }) => {
    const ids = (await nicsOf(vm)).map(({ id }) => id)
    return (await bed.provider.ports.list()).filter(({ device_id }) => ids.includes(device_id))
  }
  const addNic = (vm: { path: string }, profileId = bed.profileId) =>
    bed.engine.send('POST', `${vm.path}/nics`, { name: 'nic2', vnic_profile: { id: profileId } })

  /** The plug of a new vNIC fails, and all is as it was before. */
  async function failsToPlug(vm: Awaited<ReturnType<typeof addVm>>, says: RegExp, profileId?: string): Promise<void> {
    const { status, body } = await addNic(vm, profileId)
    assert.equal(status, 400, JSON.stringify(body))
    assert.match(body.detail, says)
    await assertInvariants(bed, 'after the plug that failed')
    assert.deepEqual(
      (await nicsOf(vm)).map(({ name }) => name),
      ['nic1'],
    )
    assert.equal(await vm.status(), 'up')
  }

  async function plugsAgain(vm: Awaited<ReturnType<typeof addVm>>): Promise<void> {
    const { status, body } = await addNic(vm)
    assert.deepEqual([status, body.plugged], [201, 'true'], JSON.stringify(body))
    await assertInvariants(bed, 'after the plug that succeeded')
    await vm.remove()
  }

  async function makeNetwork(name: string, cidr: string, providerId = bed.providerId) {
    const { id: externalId } = await bed.provider.networks.create({ name })
    await bed.provider.subnets.create({ name, network_id: externalId, ip_version: 4, cidr })
    return importNetwork(bed.engine, bed, { providerId, externalId })
  }

  const removeNetwork = (id: string) => bed.engine.delete(`/networks/${id}?remove_from_provider=true`)

  test('a subnet without a free address: the plug fails in the words of the provider', async () => {
    // Four addresses: the network, the gateway, one for a port, the broadcast.
    const { networkId, profileId } = await makeNetwork('tiny', '10.9.0.0/30')
    const vm = await addRunningVm(bed)
    const first = await addNic(vm, profileId)
    assert.equal(first.status, 201)
    const { status, body } = await bed.engine.send('POST', `${vm.path}/nics`, {
      name: 'nic3',
      vnic_profile: { id: profileId },
    })
    assert.equal(status, 400)
    assert.match(body.detail, /^\[Failed to communicate with the external provider: sdn: .* answered 409: No more IP/)
    await assertInvariants(bed, 'after the plug that failed')
    assert.deepEqual((await nicsOf(vm)).map(({ name }) => name).sort(), ['nic1', 'nic2'])

    await bed.engine.post(`${vm.path}/nics/${first.body.id}/deactivate`)
    await bed.engine.delete(`${vm.path}/nics/${first.body.id}`)
    assert.equal((await addNic(vm, profileId)).status, 201, 'its address is free again')
    await vm.remove()
    await removeNetwork(networkId)
  })

  for (const [what, script, says] of [
    ['exits with 1', 'echo port not found >&2; exit 1', /Hook Error: .*port not found.*\(code 1500\)/],
    ['exits with 2', 'echo stop here >&2; exit 2', /Hook Error: .*stop here.*\(code 1500\)/],
    ['never ends', 'sleep 1000', /Hook Error: .*\(code 1500\)/],
  ] as const) {
    test(`a hook script that ${what} keeps a vNIC out`, async () => {
      const vm = await addRunningVm(bed)
      const remove = installHook('before_nic_hotplug', script)
      await failsToPlug(vm, says)
      remove()
      await plugsAgain(vm)
    })
  }

  test('a hook script that exits with 1 when a VM starts keeps it down', async () => {
    const vm = await addVm(bed)
    await vm.addNic('nic1')
    const remove = installHook('before_device_create', 'echo not today >&2; exit 1')
    const { status, body } = await bed.engine.send('POST', `${vm.path}/start`)
    assert.equal(status, 400)
    assert.match(body.fault.detail, /VM .* did not start: .*not today/)
    await assertInvariants(bed, 'after the start that failed')
    assert.deepEqual([await vm.status(), await portsOf(vm)], ['down', []])
    remove()
    await vm.start()
    await assertInvariants(bed, 'after the start that succeeded')
    await vm.remove()
  })

  test('a driver that fails half-way takes away what it made', async () => {
    const { id: providerId } = await bed.engine.post('/openstacknetworkproviders', {
      name: 'half-way',
      type: 'external',
      url: bed.constellation.urls.provider,
      requires_authentication: 'true',
      username: 'admin',
      password: bed.constellation.password,
      authentication_url: bed.constellation.urls.identity,
      external_plugin_type: 'HALF_WAY',
      read_only: 'false',
    })
    const { networkId, profileId } = await makeNetwork('green', '10.8.0.0/24', providerId)
    const vm = await addRunningVm(bed)
    await failsToPlug(vm, /The host refused: .*the controller is away/, profileId)
    await plugsAgain(vm)
    await removeNetwork(networkId)
    await bed.engine.delete(`/openstacknetworkproviders/${providerId}`)
  })

  test('a provider that hangs from the start of a plug', async () => {
    const vm = await addRunningVm(bed)
    bed.services.provider!.process.kill('SIGSTOP')
    const { status, body } = await addNic(vm)
    bed.services.provider!.process.kill('SIGCONT')
    assert.equal(status, 400)
    assert.match(body.detail, /sdn: .* gave no answer within 3 s/)
    await assertInvariants(bed, 'after the plug that failed')
    await plugsAgain(vm)
  })

  test('a provider that hangs in the middle of a plug: the port is taken back when it goes on', async () => {
    const vm = await addRunningVm(bed)
    const { process: provider } = bed.services.provider!
    // The port is made, but the engine never hears of it.
    bed.gate.arm({
      n: 1,
      moment: 'after',
      matches: (call) => call === 'engine → provider: POST /v2.0/ports',
      happening: async () => provider.kill('SIGSTOP'),
    })
    const { status } = await addNic(vm)
    assert.equal(status, 400)
    assert.ok(await bed.gate.disarm())
    const busy = await bed.engine.send('POST', `${vm.path}/stop`)
    assert.deepEqual([busy.status, /plug-nic.* is currently in progress/.test(busy.body.fault.detail)], [409, true])
    provider.kill('SIGCONT')
    await assertInvariants(bed, 'after the plug that failed')
    assert.equal((await nicsOf(vm)).length, 1)
    await plugsAgain(vm)
  })

  test('a host that disappears in a plug and comes back late: nothing is left there either', async () => {
    const vm = await addRunningVm(bed)
    const agent = bed.services['host-a']!
    bed.gate.arm({
      n: 1,
      moment: 'before',
      matches: (call) => call.includes('/wires/host-a'),
      happening: () => agent.kill(),
    })
    const { status, body } = await addNic(vm)
    assert.ok(await bed.gate.disarm())
    assert.equal(status, 400)
    assert.match(body.detail, /Host host-a failed: /)
    await agent.start()
    await assertInvariants(bed, 'after the plug that failed')
    assert.deepEqual([(await nicsOf(vm)).length, await vm.status()], [1, 'up'])
    await plugsAgain(vm)
  })

  test('of two plugs of a vNIC at once, one wins and the other is refused', async () => {
    const vm = await addRunningVm(bed)
    const nic = await vm.addNic('nic2', 'false')
    const answers = await Promise.all([1, 2].map(() => bed.engine.send('POST', `${nic}/activate`)))
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409])
    await assertInvariants(bed, 'after two plugs')
    await vm.remove()
  })

  test('a VM cannot be stopped while it is started', async () => {
    const vm = await addVm(bed)
    await vm.addNic('nic1')
    const held = bed.constellation.lab.hosts.map(({ dir }) => join(dir, 'held'))
    for (const file of held) writeFileSync(file, '')
    const remove = installHook('before_vm_start', `while [ -e ${held[0]} ] || [ -e ${held[1]} ]; do sleep 0.05; done`)
    const starting = vm.start()
    assert.ok(await until(async () => (await vm.status()) === 'wait_for_launch', 30_000))
    const { status, body } = await bed.engine.send('POST', `${vm.path}/stop`)
    assert.equal(status, 409)
    assert.match(body.fault.detail, /Cannot stop VM. Related operation \(run-vm\) is currently in progress/)
    for (const file of held) rmSync(file)
    await starting
    remove()
    await assertInvariants(bed, 'after the start')
    await vm.remove()
  })

  test('a vNIC that is deleted while the provider is down is gone at once; its port goes when the provider is back', async () => {
    const vm = await addRunningVm(bed)
    const nic = await vm.addNic('nic2')
    await bed.engine.post(`${nic}/deactivate`)
    await bed.services.provider!.kill()
    await bed.engine.delete(nic)
    assert.equal((await nicsOf(vm)).length, 1)
    const [event] = await bed.engine.list('/events?search=code%3D1149')
    assert.match(event.description, /^Failed to remove vNIC nic2 from external network provider sdn\./)
    await bed.services.provider!.start()
    await assertInvariants(bed, 'when the provider is back')
    assert.equal((await portsOf(vm)).length, 1)
    await vm.remove()
  })

  /** On both hosts; answers what removes it again. */
  function installHook(point: string, body: string): () => void {
    const scripts = bed.constellation.lab.hosts.map(({ dir }) => {
      mkdirSync(join(dir, 'hooks', point), { recursive: true })
      const path = join(dir, 'hooks', point, '50_test')
      writeFileSync(path, `#!/bin/sh\n${body}\n`)
      chmodSync(path, 0o755)
      return path
    })
    return () => {
      for (const path of scripts) rmSync(path)
    }
  }
})
