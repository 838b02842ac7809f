// The engine with a real Neutron and a real Keystone behind it, as far as it goes without a data plane.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { noNeutron, startNeutron } from '../../../../packages/provider-conformance/testing/real-neutron.ts'
import { type RealKeystone, startKeystone } from '../../../provider/identity/testing/real-keystone.ts'
import { importNetwork, startTestEngine } from '../../testing/test-engine.ts'
import { addHost, startTestHost, untilIdle } from '../../testing/test-host.ts'

const user = { name: 'engine', password: "the engine's" }

/** What the engine's user sees at Neutron. */
async function startNetworking(t: TestContext, keystone: RealKeystone) {
  const url = await startNeutron(t, keystone)
  await keystone.addUser(user.name, user.password, 'ovirt', ['admin'])
  const token = await keystone.logIn(user.name, user.password, 'ovirt')
  const ask = async (method: string, path: string, body?: object): Promise<any> => {
    const headers = { 'x-auth-token': token, 'content-type': 'application/json' }
    const signal = AbortSignal.timeout(30_000)
    const response = await fetch(`${url}/v2.0${path}`, {
      method,
      headers,
      signal,
      ...(body && { body: JSON.stringify(body) }),
    })
    assert.ok(response.ok, `${method} ${path}: ${response.status}`)
    return response.status === 204 ? undefined : response.json()
  }
  return { url, ask }
}

test('a real Neutron is a network provider', { skip: noNeutron, timeout: 180_000 }, async (t) => {
  const keystone = await startKeystone(t)
  const neutron = await startNetworking(t, keystone)
  const host = await startTestHost(t)
  const engine = await startTestEngine(t, { providerTimeouts: { connectTimeoutMs: 5_000, timeoutMs: 30_000 } })
  const { id: dataCenterId } = await engine.ask('POST', '/datacenters', { name: 'dc' })
  const { id: clusterId } = await engine.ask('POST', '/clusters', { name: 'c', data_center: { id: dataCenterId } })
  const { network } = await neutron.ask('POST', '/networks', { network: { name: 'blue' } })
  const { id: providerId } = await engine.ask('POST', '/openstacknetworkproviders', {
    name: 'neutron',
    type: 'neutron',
    url: neutron.url,
    external_plugin_type: 'TEST',
    read_only: 'false',
    requires_authentication: 'true',
    username: user.name,
    password: user.password,
    authentication_url: keystone.url,
    user_domain_name: 'Default',
    project_name: 'ovirt',
    project_domain_name: 'Default',
  })
  const provider = `/openstacknetworkproviders/${providerId}`

  await t.test('its connection is tested, with the reason where it fails', async () => {
    const tested = () => engine.send('POST', `${provider}/testconnectivity`)
    assert.equal((await tested()).status, 200)
    for (const wrong of [{ password: 'wrong' }, { project_name: 'nowhere' }, { user_domain_name: 'nowhere' }]) {
      const right = { password: user.password, project_name: 'ovirt', user_domain_name: 'Default' }
      await engine.ask('PUT', provider, { ...right, ...wrong })
      const { status, body } = await tested()
      assert.equal(status, 400)
      assert.match(body.detail, /\/v3\/auth\/tokens did not accept the credentials: .*Check user, password and tenant/)
      await engine.ask('PUT', provider, right)
    }
    assert.equal((await tested()).status, 200)
  })

  await t.test('its networks are listed and imported, subnets added and removed', async () => {
    const [listed, ...others] = await engine.list(`${provider}/networks`)
    assert.deepEqual([listed.id, listed.name, others], [network.id, 'blue', []])
    const subnets = `${provider}/networks/${network.id}/subnets`
    const subnet = { name: 'addresses', cidr: '10.7.0.0/24', ip_version: 'v4', gateway: '10.7.0.254' }
    const added = await engine.ask('POST', subnets, { ...subnet, dns_servers: { dns_server: ['10.7.0.2'] } })
    await engine.ask('POST', subnets, { name: 'more', cidr: '10.8.0.0/24', ip_version: 'v4' })
    const { subnets: found } = await neutron.ask('GET', '/subnets?name=addresses')
    assert.deepEqual(
      [found[0].id, found[0].gateway_ip, found[0].dns_nameservers],
      [added.id, '10.7.0.254', ['10.7.0.2']],
    )
    const more = (await engine.list(subnets)).find(({ name }) => name === 'more')
    await engine.ask('DELETE', `${subnets}/${more.id}`)
    assert.deepEqual(
      (await engine.list(subnets)).map(({ id }) => id),
      [added.id],
    )
  })

  await t.test('a vNIC has a port there from its plug to its removal', async () => {
    const { networkId, profileId } = await importNetwork(engine, { providerId, externalId: network.id, dataCenterId })
    await engine.ask('POST', `/clusters/${clusterId}/networks`, { id: networkId, required: 'false' })
    await addHost(engine, clusterId, host)
    const { id: vmId } = await engine.ask('POST', '/vms', { name: 'vm', cluster: { id: clusterId } })
    await engine.ask('POST', `/vms/${vmId}/start`)
    const nics = `/vms/${vmId}/nics`
    const ports = async () => (await neutron.ask('GET', '/ports?device_owner=oVirt')).ports

    const nic = await engine.ask('POST', nics, { name: 'nic1', vnic_profile: { id: profileId } })
    const [port, ...others] = await ports()
    assert.deepEqual(others, [])
    assert.deepEqual(
      [port.name, port.device_id, port.network_id, port.mac_address, port['binding:host_id'], port.project_id],
      ['nic1', nic.id, network.id, nic.mac.address, 'the-host', network.project_id],
    )
    assert.match(port.fixed_ips[0].ip_address, /^10\.7\.0\./)
    const { xml } = host.calls.at(-1)!.params.params
    assert.ok(xml.includes(`<ovirt-vm:vnic_id>${port.id}</ovirt-vm:vnic_id>`), xml)

    await engine.ask('POST', `${nics}/${nic.id}/deactivate`)
    await engine.ask('POST', `${nics}/${nic.id}/activate`)
    assert.deepEqual(
      (await ports()).map(({ id }: { id: string }) => id),
      [port.id],
    )
    await engine.ask('POST', `${nics}/${nic.id}/deactivate`)
    await engine.ask('DELETE', `${nics}/${nic.id}`)
    await untilIdle(engine)
    assert.deepEqual(await ports(), [])
  })

  await t.test('a VM that is removed leaves no port', async () => {
    const [profile] = await engine.list('/vnicprofiles')
    const { id: vmId } = await engine.ask('POST', '/vms', { name: 'other', cluster: { id: clusterId } })
    await engine.ask('POST', `/vms/${vmId}/nics`, { name: 'nic1', vnic_profile: { id: profile.id } })
    await engine.ask('POST', `/vms/${vmId}/start`)
    assert.equal((await neutron.ask('GET', '/ports?device_owner=oVirt')).ports.length, 1)
    await engine.ask('POST', `/vms/${vmId}/stop`)
    await engine.ask('DELETE', `/vms/${vmId}`)
    await untilIdle(engine)
    assert.deepEqual((await neutron.ask('GET', '/ports?device_owner=oVirt')).ports, [])
  })

  await t.test('values that are not kept are tested against it', async () => {
    const openstack_network_provider = { id: providerId, password: 'wrong' }
    const wrong = await engine.send('POST', '/openstacknetworkproviders/testconnectivity', {
      openstack_network_provider,
    })
    assert.match(wrong.body.detail, /did not accept the credentials/)
    await engine.ask('POST', '/openstacknetworkproviders/testconnectivity', {
      openstack_network_provider: { id: providerId },
    })
  })

  await t.test('a network and a subnet are changed there, and the network here', async () => {
    const path = `${provider}/networks/${network.id}`
    const changed = await engine.ask('PUT', path, { name: 'azure', description: 'd', port_security_enabled: 'false' })
    assert.deepEqual([changed.name, changed.port_security_enabled], ['azure', 'false'])
    const { network: there } = await neutron.ask('GET', `/networks/${network.id}`)
    assert.deepEqual([there.name, there.description, there.port_security_enabled], ['azure', 'd', false])
    const [here] = await engine.list('/networks?search=name%3Dazure')
    assert.equal(here.external_provider.id, providerId)
    const [subnet] = await engine.list(`${path}/subnets`)
    const edited = await engine.ask('PUT', `${path}/subnets/${subnet.id}`, { name: 'renamed', gateway: '' })
    assert.deepEqual([edited.name, edited.gateway], ['renamed', undefined])
  })

  await t.test('a data center follows it: networks come, change and go', async () => {
    const external_network_providers = [{ id: providerId }]
    await engine.ask('PUT', `/clusters/${clusterId}`, { external_network_providers })
    const sync = async () => {
      const { changes } = await engine.ask('POST', `${provider}/sync`, {})
      return changes.change.map((change: any) => `${change.kind} ${change.network.name}${change.failure ?? ''}`)
    }
    const red = (await neutron.ask('POST', '/networks', { network: { name: 'red' } })).network
    assert.deepEqual(await sync(), ['import red'])
    assert.deepEqual(await sync(), [])
    await neutron.ask('PUT', `/networks/${red.id}`, { network: { name: 'crimson', mtu: 1300 } })
    assert.deepEqual(await sync(), ['update crimson'])
    assert.equal((await engine.list('/networks?search=name%3Dcrimson'))[0].mtu, '1300')
    await neutron.ask('DELETE', `/networks/${red.id}`)
    assert.deepEqual(await sync(), ['remove crimson'])
  })

  await t.test('a port that comes late is found by the reconciler, one of somebody else is not touched', async () => {
    const [profile] = await engine.list('/vnicprofiles')
    const { id: vmId } = await engine.ask('POST', '/vms', { name: 'third', cluster: { id: clusterId } })
    const nic = await engine.ask('POST', `/vms/${vmId}/nics`, { name: 'nic1', vnic_profile: { id: profile.id } })
    await engine.ask('POST', `/vms/${vmId}/start`)
    const shown = await engine.list(`${provider}/networks/${network.id}/ports`)
    assert.deepEqual(
      shown.filter((port) => port.nic).map((port) => [port.nic.id, port.binding_host_id]),
      [[nic.id, 'the-host']],
    )
    await engine.ask('POST', `/vms/${vmId}/stop`)
    await engine.ask('DELETE', `/vms/${vmId}`)
    await untilIdle(engine)
    const port = { network_id: network.id, device_owner: 'oVirt' }
    for (const device_id of [nic.id, 'of another engine'])
      await neutron.ask('POST', '/ports', { port: { ...port, device_id } })
    const { findings, foreign_ports } = await engine.ask('POST', '/reconciliations', {})
    assert.deepEqual(
      findings.finding.map(({ kind, repaired }: any) => [kind, repaired]),
      [['port_left', 'true']],
    )
    await untilIdle(engine)
    const left = (await neutron.ask('GET', '/ports?device_owner=oVirt')).ports
    assert.deepEqual([foreign_ports, left.map((each: any) => each.device_id)], ['1', ['of another engine']])
  })
})
