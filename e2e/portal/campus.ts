// What the pictures show: an engine with a provider, a driver package, hosts, virtual machines and users.
import type { TestContext } from 'node:test'
import { driverSigners, packTestDriver, startDriverHost } from '../../apps/engine/testing/test-drivers.ts'
import { importNetwork, makeNetwork, type Scene, setScene } from '../../apps/engine/testing/test-engine.ts'
import { addHost, startTestHost } from '../../apps/engine/testing/test-host.ts'
import { testHostNetworks } from '../../apps/engine/testing/test-host-networks.ts'
import { startTestProvider } from '../../apps/provider/testing/test-provider.ts'
import { type PortalEngine, startPortalEngine } from './portal-bed.ts'

export interface Campus extends Scene {
  readonly engine: PortalEngine
  readonly hostId: string
  /** Runs, with a vNIC. */
  readonly vmId: string
  readonly nicId: string
  readonly driverId: string
  readonly userId: string
}

export async function startCampus(t: TestContext): Promise<Campus> {
  const provider = await startTestProvider(t)
  const engine = await startPortalEngine(t, { driverSigners })
  const scene = await setScene(engine, provider)
  const sdn = `/openstacknetworkproviders/${scene.providerId}`
  await engine.ask('PUT', sdn, { external_plugin_type: 'ACME', description: 'Of the campus' })
  const subnet = { name: 'blue-v4', cidr: '10.0.0.0/24', ip_version: 'v4' }
  await engine.ask('POST', `${sdn}/networks/${scene.externalId}/subnets`, subnet)
  for (const name of ['office', 'telephones'])
    await importNetwork(engine, { ...scene, externalId: await makeNetwork(provider, name) })
  for (const name of ['cameras', 'guests', 'printers']) await makeNetwork(provider, name)
  const hostId = await startHosts(t, engine, scene)
  const { vmId, nicId } = await startMachines(engine, scene)
  return {
    ...scene,
    engine,
    hostId,
    vmId,
    nicId,
    driverId: await attachDriver(t, engine, sdn),
    userId: await addUsers(engine, scene),
  }
}

/** One with networks of its own, and one with a driver package. */
async function startHosts(t: TestContext, engine: PortalEngine, { clusterId, dataCenterId }: Scene) {
  const networks = testHostNetworks()
  const host = await startTestHost(t, [], networks.verbs)
  const drivers = {
    openstack_binding_host_ids: { ACME: 'host-a' },
    vifDrivers: [{ name: 'acme', pluginTypes: ['ACME'] }],
  }
  host.answer('Host.getCapabilities', async () => ({ ...networks.capabilities(), ...drivers }))
  const hostId = await addHost(engine, clusterId, host, 'host-a')
  await addHost(engine, clusterId, await startDriverHost(t), 'host-b')
  for (const [name, address, nic] of [
    ['storage', '10.1.0.5', 'eth1'],
    ['backup', '10.2.0.5', 'eth2'],
  ] as const) {
    const { id } = await engine.ask('POST', '/networks', { name, data_center: { id: dataCenterId } })
    await engine.ask('POST', `/clusters/${clusterId}/networks`, { id, required: 'false' })
    const ip = { address, netmask: '255.255.255.0' }
    const assignments = { ip_address_assignment: [{ assignment_method: 'static', ip }] }
    const attachment = { network: { id }, host_nic: { name: nic }, ip_address_assignments: assignments }
    await engine.ask('POST', `/hosts/${hostId}/setupnetworks`, {
      modified_network_attachments: { network_attachment: [attachment] },
    })
  }
  return hostId
}

async function startMachines(engine: PortalEngine, { clusterId, profileId }: Scene) {
  const machines: { vmId: string; nicId: string }[] = []
  for (const name of ['web', 'mail', 'database']) {
    const { id: vmId } = await engine.ask('POST', '/vms', { name, cluster: { id: clusterId } })
    const nic = { name: 'nic1', vnic_profile: { id: profileId } }
    machines.push({ vmId, nicId: (await engine.ask('POST', `/vms/${vmId}/nics`, nic)).id })
    if (name !== 'database') await engine.ask('POST', `/vms/${vmId}/start`)
  }
  return machines[0]!
}

async function attachDriver(t: TestContext, engine: PortalEngine, sdn: string): Promise<string> {
  const bytes = await packTestDriver(t, '1.0.0')
  const { id } = await engine.ask('POST', '/driverpackages', bytes)
  await engine.ask('POST', `${sdn}/driverpackages`, { id })
  return id
}

async function addUsers(engine: PortalEngine, { networkId, clusterId }: Scene): Promise<string> {
  const [alice] = await Promise.all(
    ['alice', 'bob', 'carol'].map((name) =>
      engine.ask('POST', '/users', { user_name: `${name}@internal-authz`, password: 'wonderland' }),
    ),
  )
  const grant = (path: string, role: string) =>
    engine.ask('POST', `${path}/permissions`, { role: { name: role }, user: { id: alice.id } })
  await grant(`/networks/${networkId}`, 'NetworkAdmin')
  await grant(`/clusters/${clusterId}`, 'UserRole')
  return alice.id
}
