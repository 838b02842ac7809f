// The real ovirt-provider-ovn: what the kit requires, it does; our engine runs VMs on it, with the engine's users; and our
// provider takes its place while they run. Not part of `npm test`: see CONTRIBUTING.md.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { checkProvider } from '@patchbay/provider-conformance/check-provider.ts'
import { failed } from '@patchbay/provider-conformance/report.ts'
import type { OvnDataPlane } from '../lab/data-planes/ovn-data-plane.ts'
import { leaseOf, ping } from '../lab/guests/guest.ts'
import { labUnavailable, ovnUnavailable } from '../lab/lab-unavailable.ts'
import { type Constellation, startConstellation } from '../lab/services/constellation.ts'
import { addCluster, addHosts, addProvider, type Place } from '../lab/services/engine-scene.ts'
import { until } from '../lab/until.ts'
import { noCheckout, type OvirtProviderOvn, startProviderOvn } from './real-provider-ovn.ts'

const skip = noCheckout || (labUnavailable() ?? ovnUnavailable())
const secret = 'the secret between provider and SSO'
let constellation: Constellation
let theirs: OvirtProviderOvn
let place: Place

before(async () => {
  if (skip) return
  constellation = await startConstellation({
    hosts: ['host-a', 'host-b'],
    backend: 'ovn',
    engine({ dir }) {
      const file = join(dir, 'sso-secret')
      writeFileSync(file, secret, { mode: 0o600 })
      return { 'sso-client-secret-file': file }
    },
  })
  const { lab, urls, engine, dataPlane } = constellation
  const { northbound } = (dataPlane as OvnDataPlane).central
  theirs = await startProviderOvn(lab, { northbound, engine: new URL(urls.engine).origin, secret })
  place = await addCluster(engine, 'dc')
  await addHosts(
    engine,
    place.clusterId,
    lab.hosts.map(({ name, address }) => ({ name, address })),
  )
})
after(() => constellation?.[Symbol.asyncDispose]())

test('everything that the kit requires, it holds', { skip }, async () => {
  const { user, password } = constellation
  const credentials = { authUrl: theirs.authUrl, username: user, password, tenant: 'tenant', domain: 'Default' }
  const report = await checkProvider({ url: theirs.url, credentials })
  assert.deepEqual([failed(report, 'required'), report.leftovers, report.stopped], [[], [], undefined])
})

test('VMs run on it, and go on when our provider takes its place', { skip }, async () => {
  const { engine, lab, urls, password, user, dataPlane, provider } = constellation
  const login = { authenticationUrl: theirs.authUrl, username: user, password }
  const providerId = await addProvider(engine, { url: theirs.url, ...login, pluginType: dataPlane.pluginType })
  const profileId = await addNetwork(providerId)
  const [one, two] = [await startVm('one', 'host-a', profileId), await startVm('two', 'host-b', profileId)]
  const address = await leaseOf(lab.host('host-a'), one)
  await reaches('host-b', two, address)
  await engine.post(`/vms/${one}/migrate`, { host: { name: 'host-b' } })
  await reaches('host-b', two, address)
  await engine.post(`/vms/${one}/nics`, { name: 'nic2', vnic_profile: { id: profileId } })
  await leaseOf(lab.host('host-b'), one, 'eth1')

  await engine.call('PUT', `/openstacknetworkproviders/${providerId}`, {
    url: urls.provider,
    authentication_url: urls.identity,
    username: 'admin',
    password,
  })
  await engine.post(`/openstacknetworkproviders/${providerId}/testconnectivity`)
  await reaches('host-b', two, address)
  await engine.post(`/vms/${one}/migrate`, { host: { name: 'host-a' } })
  await reaches('host-b', two, address)
  assert.equal(await leaseOf(lab.host('host-a'), one), address)
  const three = await startVm('three', 'host-a', profileId)
  await reaches('host-b', two, await leaseOf(lab.host('host-a'), three))
  await reaches('host-a', three, address)
  const [nic] = (await engine.list(`/vms/${one}/nics`)).filter(({ name }) => name === 'nic1')
  assert.equal((await engine.get(`/vms/${one}/nics/${nic.id}/diagnosis`)).status, 'ok')

  for (const id of [one, two, three]) {
    await engine.post(`/vms/${id}/stop`)
    await engine.delete(`/vms/${id}`)
  }
  assert.deepEqual(await provider.ports.list({ device_owner: 'oVirt' }), [])
})

/** On that provider, with a subnet; attached to the cluster. Answers the id of its vNIC profile. */
async function addNetwork(providerId: string): Promise<string> {
  const { engine } = constellation
  const { id } = await engine.post('/networks', {
    name: 'green',
    data_center: { id: place.dataCenterId },
    external_provider: { id: providerId },
  })
  await engine.post(`/clusters/${place.clusterId}/networks`, { id, required: 'false' })
  const [external] = await engine.list(`/openstacknetworkproviders/${providerId}/networks`)
  const subnets = `/openstacknetworkproviders/${providerId}/networks/${external.id}/subnets`
  await engine.post(subnets, { name: 'green-v4', cidr: '10.77.0.0/24', ip_version: 'v4', gateway: '10.77.0.1' })
  const [profile] = await engine.list(`/networks/${id}/vnicprofiles`)
  return profile.id
}

async function startVm(name: string, host: string, profileId: string): Promise<string> {
  const { engine } = constellation
  const { id } = await engine.post('/vms', { name, cluster: { id: place.clusterId } })
  await engine.post(`/vms/${id}/nics`, { name: 'nic1', vnic_profile: { id: profileId } })
  await engine.post(`/vms/${id}/start`, { vm: { host: { name: host } } })
  return id
}

async function reaches(hostName: string, vmId: string, address: string): Promise<void> {
  const host = constellation.lab.host(hostName)
  assert.ok(await until(async () => (await ping(host, vmId, address)) === 3, 15_000), `${vmId} reaches ${address}`)
}
