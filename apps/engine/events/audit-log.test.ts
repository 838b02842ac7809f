// What is done to data centers, clusters, hosts, networks and the like is told: in these words, about that thing, by whom.
import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import { until } from '../../../lab/until.ts'
import { startTestProvider, type TestProvider } from '../../provider/testing/test-provider.ts'
import { makeNetwork, startTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { startTestHost } from '../testing/test-host.ts'
import { administrator, logIn, type TestUser } from '../testing/test-users.ts'

// One engine for all, whose administrator does everything.
const stack = new AsyncDisposableStack()
const whole = { after: (end: () => unknown) => stack.defer(async () => void (await end())) } as unknown as TestContext
let provider: TestProvider
let engine: TestEngine
let admin: TestUser
let dataCenter: string
let cluster: string
let network: string

before(async () => {
  provider = await startTestProvider(whole)
  engine = await startTestEngine(whole, { administrator })
  admin = await logIn(engine, administrator.name, administrator.password)
  dataCenter = await add('/datacenters', { name: 'dc' })
  cluster = await add('/clusters', { name: 'c', data_center: { id: dataCenter } })
  network = await add('/networks', { name: 'red', data_center: { id: dataCenter } })
})
after(() => stack.disposeAsync())

const add = async (path: string, body: object) => (await admin.ask('POST', path, body)).id as string

let requests = 0

/** One request and the event that it ends with: code, severity, words, and the things that it links to. */
async function told(method: string, path: string, body?: object) {
  const correlation = `request-${++requests}`
  const answer = await admin.send(method, path, body, { 'correlation-id': correlation })
  assert.ok(answer.status < 300, answer.text)
  const [event] = await admin.list(`/events?search=correlation_id%3D${correlation}&max=1`)
  assert.equal(event?.user?.name, administrator.name, `${method} ${path}`)
  const linked = ['vm', 'host', 'cluster', 'data_center', 'template'].filter((link) => event[link])
  const event_ = [Number(event.code), event.severity, event.description]
  return { id: answer.body?.id as string, event: [...event_, ...linked.map((link) => `${link} ${event[link].name}`)] }
}

async function tells(method: string, path: string, body: object | undefined, ...event: (string | number)[]) {
  const { id, event: found } = await told(method, path, body)
  assert.deepEqual(found, event)
  return id
}

test('data centers and clusters are told of', async () => {
  const center = await tells(
    'POST',
    '/datacenters',
    { name: 'x' },
    950,
    'normal',
    'Data Center x was added.',
    'data_center x',
  )
  const named = { name: 'y' }
  await tells('PUT', `/datacenters/${center}`, named, 952, 'normal', 'Data Center y was updated.', 'data_center y')
  const body = { name: 'east', data_center: { id: center } }
  const id = await tells('POST', '/clusters', body, 809, 'normal', 'Cluster east was added.', 'cluster east')
  await tells('PUT', `/clusters/${id}`, { name: 'west' }, 811, 'normal', 'Cluster west was updated.', 'cluster west')
  await tells('DELETE', `/clusters/${id}`, undefined, 813, 'normal', 'Cluster west was removed.', 'cluster west')
  await tells(
    'DELETE',
    `/datacenters/${center}`,
    undefined,
    954,
    'normal',
    'Data Center y was removed.',
    'data_center y',
  )
})

test('networks in clusters, their labels and their profiles are told of', async () => {
  const attached = `/clusters/${cluster}/networks`
  const inCluster = { id: network, required: 'false' }
  await tells('POST', attached, inCluster, 946, 'normal', 'Network red attached to Cluster c', 'cluster c')
  const text = 'Network red on Cluster c updated.'
  await tells('PUT', `${attached}/${network}`, { required: 'true' }, 1112, 'normal', text, 'cluster c')
  const detached = 'Network red detached from Cluster c'
  await tells('DELETE', `${attached}/${network}`, undefined, 948, 'normal', detached, 'cluster c')
  const labels = `/networks/${network}/networklabels`
  await tells('POST', labels, { id: 'lab' }, 1132, 'normal', 'Network red was labeled lab.')
  await tells('DELETE', `${labels}/lab`, undefined, 1134, 'normal', 'Network red was unlabeled.')
  const profile = { name: 'gold', network: { id: network } }
  const id = await tells(
    'POST',
    '/vnicprofiles',
    profile,
    1122,
    'normal',
    'vNIC profile gold was added to network red.',
  )
  const updated = 'vNIC profile silver was updated.'
  await tells('PUT', `/vnicprofiles/${id}`, { name: 'silver' }, 1124, 'normal', updated)
  await tells('DELETE', `/vnicprofiles/${id}`, undefined, 1126, 'normal', 'vNIC profile silver was removed.')
})

test('MAC pools are told of', async () => {
  const body = { name: 'pool', ranges: { range: [{ from: '02:00:00:00:00:01', to: '02:00:00:00:00:09' }] } }
  const { id, event } = await told('POST', '/macpools', body)
  assert.deepEqual(event, [10700, 'normal', `MAC Pool 'pool' (id=${id}) was created.`])
  const changed = `MAC Pool 'pond' (id=${id}) was changed.`
  await tells('PUT', `/macpools/${id}`, { name: 'pond' }, 10702, 'normal', changed)
  await tells('DELETE', `/macpools/${id}`, undefined, 10704, 'normal', `MAC Pool 'pond' (id=${id}) was removed.`)
})

test('a provider and its subnets are told of', async () => {
  const body = { name: 'sdn', type: 'external', url: provider.url, read_only: 'false' }
  const providers = '/openstacknetworkproviders'
  const id = await tells('POST', providers, body, 205, 'normal', 'Provider sdn was added.')
  const subnets = `${providers}/${id}/networks/${await makeNetwork(provider, 'blue')}/subnets`
  const subnet = { name: 'ten', cidr: '10.0.0.0/24', ip_version: 'v4' }
  const subnetId = await tells('POST', subnets, subnet, 1142, 'normal', 'Subnet ten was added on provider sdn.')
  const updated = 'Subnet eleven was updated on provider sdn.'
  await tells('PUT', `${subnets}/${subnetId}`, { name: 'eleven' }, 20030, 'normal', updated)
  const removed = 'Subnet eleven was removed from provider sdn.'
  await tells('DELETE', `${subnets}/${subnetId}`, undefined, 1140, 'normal', removed)
  await tells('PUT', `${providers}/${id}`, { name: 'net' }, 207, 'normal', 'Provider net was updated.')
  await tells('DELETE', `${providers}/${id}`, undefined, 209, 'normal', 'Provider net was removed.')
})

test('VMs, templates and their vNICs are told of', async () => {
  const vm = await tells(
    'POST',
    '/vms',
    { name: 'web', cluster: { id: cluster } },
    34,
    'normal',
    'VM web was created.',
    'vm web',
  )
  const nics = `/vms/${vm}/nics`
  const nic = await tells('POST', nics, { name: 'nic1' }, 932, 'normal', 'vNIC nic1 was added to VM web.', 'vm web')
  const removed = 'vNIC nic1 was removed from VM web.'
  await tells('DELETE', `${nics}/${nic}`, undefined, 930, 'normal', removed, 'vm web')
  const snapshots = `/vms/${vm}/snapshots`
  const made = 'Snapshot "s" creation for VM web has been completed.'
  const snapshot = await tells('POST', snapshots, { description: 's' }, 68, 'normal', made, 'vm web')
  const gone = 'Snapshot "s" deletion on VM web has been completed.'
  await tells('DELETE', `${snapshots}/${snapshot}`, undefined, 356, 'normal', gone, 'vm web')

  const body = { name: 'golden', vm: { id: vm } }
  const added = ['Template golden was added.', 'template golden']
  const template = await tells('POST', '/templates', body, 51, 'normal', ...added)
  const own = `/templates/${template}/nics`
  const words = (text: string) => [`vNIC ${text}`, 'template golden']
  const nicId = await tells('POST', own, { name: 'a' }, 936, 'normal', ...words('a was added to template golden.'))
  await tells('PUT', `${own}/${nicId}`, { name: 'b' }, 940, 'normal', ...words('b of template golden was updated.'))
  await tells('DELETE', `${own}/${nicId}`, undefined, 938, 'normal', ...words('b was removed from template golden.'))
  await tells(
    'PUT',
    `/templates/${template}`,
    { name: 'old' },
    49,
    'normal',
    'Template old was updated.',
    'template old',
  )
  await tells('DELETE', `/templates/${template}`, undefined, 50, 'normal', 'Template old was removed.', 'template old')
  await tells('DELETE', `/vms/${vm}`, undefined, 113, 'normal', 'VM web was removed.', 'vm web')
})

test('what is done to a host is told of, and what it does not do', async () => {
  const host = await startTestHost(whole)
  const body = { name: 'h', address: '127.0.0.1', port: String(host.port), cluster: { id: cluster } }
  const id = await add('/hosts?activate=false', body)
  const path = `/hosts/${id}`
  assert.ok(await until(async () => (await admin.list('/events?search=code%3D13')).length > 0, 20_000))
  const told = (method: string, action: string, code: number, text: string) =>
    tells(method, `${path}${action}`, {}, code, 'normal', text, 'host h')
  await told('POST', '/refresh', 606, 'Successfully refreshed the capabilities of host h.')
  const found = "Check for available updates on host h was completed successfully with message 'no updates available.'."
  await told('POST', '/upgradecheck', 885, found)
  await told('POST', '/install', 504, 'Host h was installed.')
  await tells('PUT', path, { comment: 'rack 2' }, 43, 'normal', 'Host h was updated.', 'host h')
  await host.crash()
  const isLost = async () => (await admin.list('/events?search=code%3D12')).length > 0
  assert.ok(await until(isLost, 20_000))
  for (const [action, code, text] of [
    ['refresh', 607, 'Failed to refresh the capabilities of host h'],
    ['upgradecheck', 839, 'Failed to check for available updates on host h'],
    ['install', 505, 'Host h installation failed'],
  ] as const) {
    assert.ok((await admin.send('POST', `${path}/${action}`, {})).status >= 400)
    const [event] = await admin.list(`/events?search=code%3D${code}&max=1`)
    assert.deepEqual([event.severity, event.host.id, event.user.name], ['error', id, administrator.name])
    assert.ok(event.description.startsWith(`${text}: `), event.description)
  }
  const off = 'Host h was said to be off: its VMs are down.'
  await tells('POST', `${path}/fence`, { fence_type: 'manual' }, 494, 'normal', off, 'host h')
  await tells('DELETE', path, undefined, 44, 'normal', 'Host h was removed.', 'host h')
})

test('who gets and loses a role on a thing is told', async () => {
  const id = await add('/users', { user_name: 'alice@internal-authz' })
  const permissions = `/networks/${network}/permissions`
  const given = await told('POST', permissions, { role: { name: 'NetworkAdmin' }, user: { id } })
  assert.match(given.event.join(), /^850,normal,.*alice.*NetworkAdmin.*red.*admin@internal/)
  const taken = await told('DELETE', `${permissions}/${given.id}`)
  assert.match(taken.event.join(), /^852,normal,.*NetworkAdmin.*red.*admin@internal/)
})

test("others' software tells in its own words", async () => {
  for (const [severity, code] of [
    ['normal', 9801],
    ['warning', 9802],
    ['error', 9803],
    ['alert', 9804],
  ] as const) {
    const event = { severity, description: 'The rack is warm.', origin: 'rack', custom_id: String(code) }
    await tells('POST', '/events', event, code, severity, 'The rack is warm.')
  }
})

test('the id of an event is its number, as clients of the real engine expect', async () => {
  const [newest] = await admin.list('/events?max=1')
  assert.equal(newest.id, newest.index)
  assert.deepEqual(await admin.ask('GET', `/events/${newest.id}`), newest)
})
