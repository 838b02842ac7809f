// What vNIC profiles may say, and what becomes of vNICs when it changes.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startTestProvider } from '../../../provider/testing/test-provider.ts'
import { referenceTo, setScene, startTestEngine } from '../../testing/test-engine.ts'
import { addHost, startTestHost } from '../../testing/test-host.ts'

const macFilter = 'd2370ab4-fee3-11e9-a310-8c1645ce738e'
const group = '11111111-2222-3333-4444-555555555555'
const passThrough = { pass_through: { mode: 'enabled' }, migratable: 'true' }

async function startScene(t: TestContext) {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const scene = await setScene(engine, provider)
  const own = await engine.ask('POST', `/datacenters/${scene.dataCenterId}/networks`, { name: 'own' })
  const add = (body: object) => engine.send('POST', '/vnicprofiles', { network: { id: own.id }, ...body })
  const made = async (body: object) =>
    (await engine.ask('POST', '/vnicprofiles', { network: { id: own.id }, ...body })).id
  return { ...scene, engine, ownId: own.id as string, add, made }
}

test("oVirt's filters can be looked at", async (t) => {
  const engine = await startTestEngine(t)
  const filters = await engine.list('/networkfilters')
  const { name, version } = filters.find(({ id }) => id === macFilter)
  assert.deepEqual([filters.length, name, version], [17, 'vdsm-no-mac-spoofing', { major: '3', minor: '2' }])
  assert.equal(new Set(filters.map(({ id }) => id)).size, 17)
  assert.deepEqual(await engine.ask('GET', `/networkfilters/${filters[3].id}`), filters[3])
  assert.equal((await engine.send('GET', '/networkfilters/x')).status, 404)
})

test('a profile has what was asked for; the filter is the default one unless it is said otherwise', async (t) => {
  const { engine, ownId, networkId, add } = await startScene(t)
  const [, clean] = await engine.list('/networkfilters')
  const given = {
    name: 'p',
    description: 'd',
    comment: 'c',
    custom_properties: { custom_property: [{ name: 'SecurityGroups', value: `${group}, ${group}` }] },
    port_mirroring: 'true',
    network_filter: { id: clean.id },
    public_use: 'true',
  }
  const { body } = await add(given)
  const { id, href, ...shown } = body
  assert.deepEqual(shown, {
    ...given,
    network: referenceTo('networks', ownId),
    network_filter: referenceTo('networkfilters', clean.id),
    pass_through: { mode: 'disabled' },
  })
  assert.deepEqual(await engine.ask('GET', `/vnicprofiles/${id}`), body)
  const filterOf = async (body: object) => (await add(body)).body.network_filter
  assert.deepEqual(await filterOf({ name: 'default' }), referenceTo('networkfilters', macFilter))
  assert.deepEqual(
    await filterOf({ name: 'external', network: { id: networkId } }),
    referenceTo('networkfilters', macFilter),
  )
  assert.equal(await filterOf({ name: 'none', network_filter: {} }), undefined)
  assert.equal(await filterOf({ name: 'through', ...passThrough }), undefined)
  const byNetwork = async (id: string) => (await engine.list(`/networks/${id}/vnicprofiles`))[0].network_filter
  assert.deepEqual(
    [await byNetwork(ownId), await byNetwork(networkId)],
    [referenceTo('networkfilters', macFilter), undefined],
  )
})

test('a profile is edited, all but its network', async (t) => {
  const { engine, networkId, ownId, made } = await startScene(t)
  const id = await made({ name: 'p', custom_properties: [{ name: 'a', value: '1' }], network_filter: {} })
  const before = await engine.ask('GET', `/vnicprofiles/${id}`)
  const change = {
    name: 'q',
    comment: 'c',
    port_mirroring: 'true',
    network_filter: referenceTo('networkfilters', macFilter),
  }
  const after = await engine.ask('PUT', `/vnicprofiles/${id}`, change)
  assert.deepEqual(after, { ...before, ...change })
  const emptied = await engine.ask('PUT', `/vnicprofiles/${id}`, { custom_properties: {}, network_filter: {} })
  assert.deepEqual([emptied.custom_properties, emptied.network_filter], [{ custom_property: [] }, undefined])
  const moved = await engine.send('PUT', `/vnicprofiles/${id}`, { network: { id: networkId } })
  assert.equal(moved.status, 400)
  assert.match(moved.body.detail, /network interface profile's network cannot be changed/)
  await engine.ask('PUT', `/vnicprofiles/${id}`, { network: { id: ownId } })
})

test('what a profile may not say is refused, at first and later, and nothing changes', async (t) => {
  const { engine, networkId, dataCenterId, ownId, made } = await startScene(t)
  const noVms = await engine.ask('POST', `/datacenters/${dataCenterId}/networks`, { name: 'no-vms', usages: {} })
  const isolated = await engine.ask('POST', `/datacenters/${dataCenterId}/networks`, {
    name: 'isolated',
    port_isolation: 'true',
  })
  const throughId = await made({ name: 'through', ...passThrough })
  const editedId = await made({ name: 'edited' })
  const [external] = await engine.list(`/networks/${networkId}/vnicprofiles`)
  const groups = (value: string) => ({ custom_properties: [{ name: 'SecurityGroups', value }] })
  const refused: [object, number, RegExp][] = [
    [{ name: 'own' }, 409, /profile's name is already used by an existing profile for the same network/],
    [{ name: 'a b' }, 400, /The name "a b" is invalid/],
    [{ qos: { id: 'x' } }, 400, /QoS of vNIC profiles is not supported/],
    [groups('web'), 400, /illegal values\. The keys are: SecurityGroups/],
    [groups(`${group},`), 400, /illegal values/],
    [groups(`${group} ${group}`), 400, /illegal values/],
    [{ custom_properties: [{ name: 'a' }, { name: 'a' }] }, 400, /appear more than once\. The keys are: a/],
    [{ custom_properties: [{ name: 'vnic_id', value: '1' }] }, 400, /is reserved/],
    [{ port_mirroring: 'perhaps' }, 400, /must be true or false/],
    [{ pass_through: { mode: 'half' } }, 400, /must be one of enabled, disabled/],
    [{ ...passThrough, port_mirroring: 'true' }, 400, /'Network Filter' are not supported on passthrough/],
    [{ ...passThrough, network_filter: { id: macFilter } }, 400, /'Network Filter' are not supported on passthrough/],
    [{ network_filter: { id: 'x' } }, 400, /has an invalid network filter id 'x'/],
    [
      { network_filter: {}, failover: { id: editedId } },
      400,
      /profile (is supported only for migratable|cannot point to itself)/,
    ],
    [{ ...passThrough, network_filter: {}, failover: { id: 'x' } }, 400, /Failover must be valid non-passthrough/],
    [{ ...passThrough, network_filter: {}, failover: { id: throughId } }, 400, /Failover must be valid non-passthr/],
    [{ ...passThrough, network_filter: {}, failover: { id: external.id } }, 400, /based on external network is not/],
    [{ description: 'x'.repeat(4001) }, 400, /at most 4000 characters/],
  ]
  const before = await engine.list('/vnicprofiles')
  const refuses = async (method: string, path: string, body: object, status: number, text: RegExp) => {
    const answer = await engine.send(method, path, body)
    assert.equal(answer.status, status, `${method} ${JSON.stringify(body)} ${answer.text}`)
    assert.match(answer.body.detail, text)
    assert.deepEqual(await engine.list('/vnicprofiles'), before)
  }
  for (const [body, status, text] of refused) {
    await refuses('POST', '/vnicprofiles', { name: 'new', network: { id: ownId }, ...body }, status, text)
    await refuses('PUT', `/vnicprofiles/${editedId}`, body, status, text)
  }
  const on = (network: { id: string }, body: object) => ({ name: 'new', network: { id: network.id }, ...body })
  await refuses('POST', '/vnicprofiles', on(noVms, {}), 400, /cannot be added to a non-VM network/)
  await refuses('POST', '/vnicprofiles', on(isolated, passThrough), 400, /Port Isolation enabled are not supported/)
  await refuses('PUT', `/vnicprofiles/${external.id}`, { port_mirroring: 'true' }, 400, /when port mirroring is set/)
  await refuses('POST', '/vnicprofiles', on({ id: 'x' }, {}), 404, /Network x does not exist/)
  await refuses('PUT', '/vnicprofiles/x', {}, 404, /vNIC profile x does not exist/)
})

test('a profile that another falls back to stays as it is', async (t) => {
  const { engine, ownId, made } = await startScene(t)
  const failoverId = await made({ name: 'failover' })
  const throughId = await made({ name: 'through', ...passThrough, failover: { id: failoverId } })
  for (const [method, path] of [
    ['PUT', `/vnicprofiles/${failoverId}`],
    ['DELETE', `/vnicprofiles/${failoverId}`],
    ['DELETE', `/networks/${ownId}`],
  ] as const) {
    const { status, body } = await engine.send(method, path, {})
    assert.equal(status, 400, path)
    assert.match(body.detail, /Profile is selected as failover for: through\./)
  }
  const self = await engine.send('PUT', `/vnicprofiles/${throughId}`, { failover: { id: throughId } })
  assert.match(self.body.detail, /Failover vNIC profile cannot point to itself/)
  await engine.ask('PUT', `/vnicprofiles/${throughId}`, { failover: {} })
  await engine.ask('DELETE', `/vnicprofiles/${failoverId}`)
})

test('vNICs that run keep what their profile was; some of it must not change under them', async (t) => {
  const { engine, made, clusterId, ownId } = await startScene(t)
  await engine.ask('POST', `/clusters/${clusterId}/networks`, { id: ownId, required: 'false' })
  await addHost(engine, clusterId, await startTestHost(t))
  const id = await made({ name: 'p', port_mirroring: 'true' })
  const throughId = await made({ name: 'through', ...passThrough })
  const { id: vmId } = await engine.ask('POST', '/vms', { name: 'vm', cluster: { id: clusterId } })
  const nics = `/vms/${vmId}/nics`
  const nic = await engine.ask('POST', nics, { name: 'nic1', vnic_profile: { id } })
  await engine.ask('POST', `/vms/${vmId}/start`)
  const synced = async () => (await engine.ask('GET', `${nics}/${nic.id}`)).synced
  assert.equal(await synced(), 'true')
  await engine.ask('PUT', `/vnicprofiles/${id}`, { comment: 'nothing for hosts' })
  await engine.ask('PUT', `/vnicprofiles/${id}`, { network_filter: {} })
  assert.equal(await synced(), 'false')
  const alerts = (await engine.list('/events')).filter(({ code }) => code === '11292')
  assert.deepEqual(
    alerts.map(({ severity }) => severity),
    ['alert'],
  )
  assert.match(alerts[0].description, /profile p was not applied to virtual network interfaces \[nic1 of VM vm\]/)
  for (const change of [{ port_mirroring: 'false' }, { ...passThrough, port_mirroring: 'true' }]) {
    const { status, body } = await engine.send('PUT', `/vnicprofiles/${id}`, change)
    assert.equal(status, 409)
    assert.match(body.detail, /This VM network interface profile is used by VM: vm/)
  }
  const other = await engine.send('POST', nics, { name: 'nic2', vnic_profile: { id: throughId } })
  assert.equal(other.status, 400)
  assert.match(other.body.detail, /network interface type doesn't match the profile/)
})
