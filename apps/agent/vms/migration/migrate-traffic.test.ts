// Real traffic between VMs of two hosts, on networks of real providers: while one of them moves, and with two providers.
import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { leaseOf, ping } from '../../../../lab/guests/guest.ts'
import { UNDERLAY_LINK } from '../../../../lab/hosts/lab-network.ts'
import { createLab, type Lab } from '../../../../lab/lab.ts'
import { labUnavailable } from '../../../../lab/lab-unavailable.ts'
import { startTestProvider, type TestProvider } from '../../../provider/testing/test-provider.ts'
import { type LabAgent, startLabAgent } from '../../testing/lab-agent.ts'
import { type TestVm, testNic, testVm } from '../../testing/vm-xml.ts'

const pings = 80
const everyMs = 50
/** Or as long as the move itself took, on a machine that has other things to do. Measured: 50 to 100 ms, on two busy cores. */
const mostLostMs = 1_500

describe('VMs on two hosts', { skip: labUnavailable() }, () => {
  const stack = new AsyncDisposableStack()
  const context = { after: (work: () => unknown) => void stack.defer(async () => void (await work())) } as TestContext
  let lab: Lab
  let agents: readonly [LabAgent, LabAgent]
  let blue: VmMaker
  let red: VmMaker

  before(async () => {
    lab = stack.use(await createLab({ hosts: ['host-a', 'host-b'] }))
    const listen = { host: lab.address, port: 0 }
    const start = () => startTestProvider(context, { listen, identityListen: listen })
    const [blueProvider, redProvider] = [await start(), await start()]
    const drivers = [
      { driver: 'linux-bridge', options: { underlay: UNDERLAY_LINK, provider: { url: blueProvider.url } } },
      {
        driver: 'linux-bridge',
        name: 'red',
        options: {
          underlay: UNDERLAY_LINK,
          'vxlan-port': 4790,
          'plugin-types': ['RED'],
          provider: { url: redProvider.url },
        },
      },
    ]
    const started = await Promise.all(lab.hosts.map((host) => startLabAgent(host, { config: { drivers } })))
    for (const agent of started) stack.use(agent)
    agents = started as unknown as [LabAgent, LabAgent]
    blue = await networkOf(blueProvider, 'LINUX_BRIDGE')
    red = await networkOf(redProvider, 'RED')
  })
  after(() => stack.disposeAsync())

  test('one that moves keeps its address, and is away for a moment only', async () => {
    const [source, destination] = agents
    const mover = await blue(1, 'host-a')
    const peer = await blue(2, 'host-b')
    assert.equal((await source.create(mover)).exitMessage, undefined)
    assert.equal((await destination.create(peer)).exitMessage, undefined)
    const moverAddress = await leaseOf(source.host, mover.vmId)
    const peerAddress = await leaseOf(destination.host, peer.vmId)
    assert.equal(await ping(destination.host, peer.vmId, moverAddress), 3)

    const pinging = destination.host.exec(
      ['sh', '-c', `ip netns exec vm-${peer.vmId} ping -c ${pings} -i ${everyMs / 1000} -W 1 ${moverAddress} || true`],
      { timeoutMs: 60_000 },
    )
    const begun = performance.now()
    await source.call('VM.migrate', {
      vmID: mover.vmId,
      params: { vmId: mover.vmId, dst: destination.host.address },
    })
    await destination.until(mover.vmId, 'Up')
    await source.until(mover.vmId, 'Down')
    const movedMs = performance.now() - begun
    const { stdout } = await pinging
    const received = Number(/(\d+) received/.exec(stdout)?.[1])
    assert.ok(
      (pings - received) * everyMs <= Math.max(mostLostMs, movedMs),
      `${pings - received} of ${pings} pings were lost`,
    )

    assert.equal(await leaseOf(destination.host, mover.vmId), moverAddress)
    assert.equal(await ping(destination.host, mover.vmId, peerAddress), 3)
    const stats = await destination.stats(mover.vmId)
    const [tap] = Object.values(stats.network ?? {})
    assert.equal(tap?.state, 'up', 'the driver sees it forward')
    for (const agent of agents) await agent.clear()
  })

  test('those of two providers with the same VNI and addresses do not hear each other', async () => {
    const [near, far] = agents
    const vms = { blue: await blue(3, 'host-a'), red: await red(4, 'host-a'), redPeer: await red(5, 'host-b') }
    for (const [agent, vm] of [
      [near, vms.blue],
      [near, vms.red],
      [far, vms.redPeer],
    ] as const)
      assert.equal((await agent.create(vm)).exitMessage, undefined)
    const [blueAddress, redAddress] = [await leaseOf(near.host, vms.blue.vmId), await leaseOf(near.host, vms.red.vmId)]
    const peerAddress = await leaseOf(far.host, vms.redPeer.vmId)
    assert.equal(await ping(far.host, vms.redPeer.vmId, redAddress), 3)
    assert.equal(await ping(near.host, vms.blue.vmId, peerAddress), 0)
    assert.notEqual(blueAddress, peerAddress)

    await near.destroy(vms.blue.vmId)
    assert.equal(await ping(far.host, vms.redPeer.vmId, redAddress), 3)
    const { vifDrivers } = await near.call<{ vifDrivers: { name: string }[] }>('Host.getCapabilities')
    assert.deepEqual(vifDrivers.map(({ name }) => name).slice(0, 2), ['linux-bridge', 'red'])
    for (const agent of agents) await agent.clear()
    for (const { host } of agents) {
      const { stdout } = await host.exec(['sh', '-c', 'ip -br link; ip netns; nft list tables'])
      assert.doesNotMatch(stdout, /^(brx|vxl|dhc|tap)|dhcp-|patchbay/m)
    }
  })
})

/** A VM with a port on a network, as the engine has it before it runs. */
type VmMaker = (n: number, host: string) => Promise<TestVm>

/** The same number for both providers' networks. */
const vni = 4711

async function networkOf(provider: TestProvider, pluginType: string): Promise<VmMaker> {
  const { network } = (
    await provider.send('POST', '/networks', { network: { name: pluginType, 'provider:segmentation_id': vni } })
  ).body
  const subnet = { network_id: network.id, ip_version: 4, cidr: '10.0.0.0/24', name: pluginType }
  await provider.send('POST', '/subnets', { subnet })
  return async (n, host) => {
    const { mac } = testNic(n, 0)
    const vm = testVm(n, 0)
    const port = { network_id: network.id, name: 'nic1', mac_address: mac, device_id: vm.vmId, 'binding:host_id': host }
    const { id } = (await provider.send('POST', '/ports', { port })).body.port
    const custom = { vnic_id: id, provider_type: 'EXTERNAL_NETWORK', plugin_type: pluginType }
    return { ...vm, nics: [testNic(n, 0, { custom })] }
  }
}
