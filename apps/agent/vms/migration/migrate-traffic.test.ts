// A VM that moves between two hosts while another one pings it, on a network of a real provider.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { leaseOf, ping } from '../../../../lab/guests/guest.ts'
import { UNDERLAY_LINK } from '../../../../lab/hosts/lab-network.ts'
import { createLab } from '../../../../lab/lab.ts'
import { labUnavailable } from '../../../../lab/lab-unavailable.ts'
import { startTestProvider } from '../../../provider/testing/test-provider.ts'
import { startLabAgent } from '../../testing/lab-agent.ts'
import { testNic, testVm } from '../../testing/vm-xml.ts'

const pings = 80
const everyMs = 50
/** Measured: 50 to 100 ms, on two busy cores. */
const mostLostMs = 1_500

test('a VM that moves keeps its address, and is away for a moment only', { skip: labUnavailable() }, async (t) => {
  await using lab = await createLab({ hosts: ['host-a', 'host-b'] })
  const address = { host: lab.address, port: 0 }
  const provider = await startTestProvider(t, { listen: address, identityListen: address })
  const driver = { driver: 'linux-bridge', options: { underlay: UNDERLAY_LINK, provider: { url: provider.url } } }
  const started = await Promise.all(lab.hosts.map((host) => startLabAgent(host, { config: { drivers: [driver] } })))
  const [source, destination] = started as [(typeof started)[0], (typeof started)[0]]
  await using agents = new AsyncDisposableStack()
  for (const agent of started) agents.use(agent)

  const { network } = (await provider.send('POST', '/networks', { network: { name: 'blue' } })).body
  const subnet = { network_id: network.id, ip_version: 4, cidr: '10.0.0.0/24', name: 'blue' }
  await provider.send('POST', '/subnets', { subnet })
  /** A VM with a port on the network, as the engine has it before it runs. */
  async function withPort(n: number, host: string) {
    const { mac } = testNic(n, 0)
    const vm = testVm(n, 0)
    const port = { network_id: network.id, name: 'nic1', mac_address: mac, device_id: vm.vmId, 'binding:host_id': host }
    const { id } = (await provider.send('POST', '/ports', { port })).body.port
    const custom = { vnic_id: id, provider_type: 'EXTERNAL_NETWORK', plugin_type: 'LINUX_BRIDGE' }
    return { ...vm, nics: [testNic(n, 0, { custom })] }
  }
  const mover = await withPort(1, 'host-a')
  const peer = await withPort(2, 'host-b')
  assert.equal((await source.create(mover)).exitMessage, undefined)
  assert.equal((await destination.create(peer)).exitMessage, undefined)
  const moverAddress = await leaseOf(source.host, mover.vmId)
  const peerAddress = await leaseOf(destination.host, peer.vmId)
  assert.equal(await ping(destination.host, peer.vmId, moverAddress), 3)

  const pinging = destination.host.exec(
    ['sh', '-c', `ip netns exec vm-${peer.vmId} ping -c ${pings} -i ${everyMs / 1000} -W 1 ${moverAddress} || true`],
    { timeoutMs: 20_000 },
  )
  await source.call('VM.migrate', {
    vmID: mover.vmId,
    params: { vmId: mover.vmId, dst: destination.host.address },
  })
  await destination.until(mover.vmId, 'Up')
  await source.until(mover.vmId, 'Down')
  const { stdout } = await pinging
  const received = Number(/(\d+) received/.exec(stdout)?.[1])
  assert.ok((pings - received) * everyMs <= mostLostMs, `${pings - received} of ${pings} pings were lost`)

  assert.equal(await leaseOf(destination.host, mover.vmId), moverAddress)
  assert.equal(await ping(destination.host, mover.vmId, peerAddress), 3)
  const stats = await destination.stats(mover.vmId)
  const [tap] = Object.values(stats.network ?? {})
  assert.equal(tap?.state, 'up', 'the driver sees it forward')

  for (const agent of started) await agent.clear()
})
