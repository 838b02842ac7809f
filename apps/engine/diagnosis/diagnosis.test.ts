// Each link of the chain is broken, one after the other: the diagnosis names that one.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { until } from '../../../lab/until.ts'
import { startTestProvider, type TestProvider } from '../../provider/testing/test-provider.ts'
import { type Scene, setScene, startTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { addHost, startTestHost, type TestHost } from '../testing/test-host.ts'
import { startTestProxy, type TestProxy } from '../testing/test-proxy.ts'

interface World extends Scene {
  readonly engine: TestEngine
  readonly provider: TestProvider
  readonly proxy: TestProxy
  readonly host: TestHost
  readonly hostId: string
  readonly vm: string
  readonly nic: string
  readonly portId: string
}

/** A VM with a vNIC that has a network: nothing is broken. */
async function begin(t: TestContext): Promise<World> {
  const provider = await startTestProvider(t)
  const proxy = await startTestProxy(t, provider.url)
  const engine = await startTestEngine(t, { hostPatienceMs: 500 })
  const scene = await setScene(engine, provider, proxy.url)
  await provider.send('POST', '/subnets', {
    subnet: { network_id: scene.externalId, cidr: '10.0.0.0/24', ip_version: 4 },
  })
  await engine.ask('PUT', `/openstacknetworkproviders/${scene.providerId}`, { external_plugin_type: 'TEST' })
  const host = await startTestHost(t)
  host.answer('Host.getCapabilities', async () => ({
    openstack_binding_host_ids: { TEST: 'host-a' },
    vifDrivers: [{ name: 'test', pluginTypes: ['TEST'] }],
  }))
  const hostId = await addHost(engine, scene.clusterId, host)
  const { id: vmId } = await engine.ask('POST', '/vms', { name: 'web', cluster: { id: scene.clusterId } })
  const vm = `/vms/${vmId}`
  const { id } = await engine.ask('POST', `${vm}/nics`, { name: 'nic1', vnic_profile: { id: scene.profileId } })
  await engine.ask('POST', `${vm}/start`, {})
  const { ports } = (await provider.send('GET', `/ports?device_id=${id}`)).body
  await wire(provider, ports[0].id)
  return { ...scene, engine, provider, proxy, host, hostId, vm, nic: `${vm}/nics/${id}`, portId: ports[0].id }
}

/** What a driver tells the provider once the port carries frames. */
async function wire(provider: TestProvider, portId: string): Promise<void> {
  const { status, body } = await provider.send('PUT', `/ports/${portId}/wires/host-a`, { wire: {} })
  assert.ok(status < 300, JSON.stringify(body))
}

const diagnosisOf = ({ engine, nic }: World) => engine.ask('GET', `${nic}/diagnosis`)

test('when nothing is broken every step says what it found', async (t) => {
  const world = await begin(t)
  const { status, cause, steps, id } = await diagnosisOf(world)
  assert.deepEqual([status, cause], ['ok', undefined])
  assert.ok(world.nic.endsWith(id))
  assert.deepEqual(
    steps.step.map(({ name, status }: any) => `${name} ${status}`),
    [
      'VM ok',
      'vNIC ok',
      'vNIC profile ok',
      'network ok',
      'cluster ok',
      'provider ok',
      'external network ok',
      'host ok',
      'driver ok',
      'interface ok',
      'port ok',
      'binding ok',
      'data plane ok',
      'address ok',
    ],
  )
  assert.match(steps.step.at(-1).found, /^10\.0\.0\.\d+, by DHCP$/)
})

const update = ({ provider, portId }: World, port: object) => provider.send('PUT', `/ports/${portId}`, { port })

/** What is broken, how, and what is said of it. */
const breakages: [cause: string, breakIt: (world: World) => Promise<unknown>, found: RegExp][] = [
  ['VM', ({ engine, vm }) => engine.ask('POST', `${vm}/stop`, {}), /web is down/],
  ['vNIC', ({ engine, nic }) => engine.ask('POST', `${nic}/deactivate`, {}), /nic1 is not plugged/],
  [
    'provider',
    async ({ proxy }) => {
      proxy.cut = () => true
    },
    /sdn/,
  ],
  [
    'external network',
    ({ provider, externalId }) =>
      provider.send('PUT', `/networks/${externalId}`, { network: { admin_state_up: false } }),
    /blue is set down on the provider/,
  ],
  [
    'host',
    async ({ host, engine, hostId }) => {
      await host.crash()
      const isNoticed = async () => (await engine.ask('GET', `/hosts/${hostId}`)).status !== 'up'
      assert.ok(await until(isNoticed, 10_000))
    },
    /is non responsive/,
  ],
  [
    'driver',
    async ({ host, engine, hostId }) => {
      host.answer('Host.getCapabilities', async () => ({
        openstack_binding_host_ids: { TEST: 'host-a' },
        vifDrivers: [{ name: 'other', pluginTypes: ['OTHER'] }],
      }))
      await engine.ask('POST', `/hosts/${hostId}/refresh`, {})
    },
    /has no driver for TEST/,
  ],
  [
    'interface',
    async ({ host }) => {
      for (const [id, vm] of host.vms) host.vms.set(id, { ...vm, macs: [] })
    },
    /has no NIC/,
  ],
  ['port', ({ provider, portId }) => provider.send('DELETE', `/ports/${portId}`), /no port for this vNIC/],
  ['port', (world) => update(world, { admin_state_up: false }), /is set down/],
  ['port', (world) => update(world, { mac_address: '02:00:00:00:00:99' }), /has the MAC address 02:00:00:00:00:99/],
  ['binding', (world) => update(world, { 'binding:host_id': 'host-b' }), /bound to host-b, and the VM runs on host-a/],
  [
    'data plane',
    ({ provider, portId }) => provider.send('DELETE', `/ports/${portId}/wires/host-a`),
    /the port is DOWN/,
  ],
  ['address', (world) => update(world, { fixed_ips: [] }), /has no address/],
]
for (const [cause, breakIt, found] of breakages)
  test(`${cause}: ${found.source.replaceAll('\\', '')}`, async (t) => {
    const world = await begin(t)
    await breakIt(world)
    const told = async () => {
      const diagnosis = await diagnosisOf(world)
      return { diagnosis, step: diagnosis.steps.step.find(({ status }: any) => status === 'broken') }
    }
    const { diagnosis, step } = await told()
    assert.deepEqual([diagnosis.status, diagnosis.cause], ['broken', cause], JSON.stringify(diagnosis.steps))
    assert.match(step.found, found)
    assert.ok(diagnosis.advice.length > 10)
  })

test('a vNIC of another VM, or none, is not diagnosed', async (t) => {
  const { engine, vm } = await begin(t)
  assert.equal((await engine.send('GET', `${vm}/nics/x/diagnosis`)).status, 404)
})
