// What users may do: every route has a rule, and refuses a user without permissions; roles open what they say, and no more.
import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { after, before, type TestContext, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { until } from '../../../lab/until.ts'
import { startTestProvider } from '../../provider/testing/test-provider.ts'
import { ruledRoutes, ruleOf } from '../access/rules/rules.ts'
import { type Scene, setScene, startTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { addUser, administrator, logIn, type TestUser } from '../testing/test-users.ts'

const root = '/ovirt-engine/api'
const refusal = 'User is not authorized to perform this action.'

// One engine for all, with one of most things.
const stack = new AsyncDisposableStack()
const whole = { after: (end: () => unknown) => stack.defer(async () => void (await end())) } as unknown as TestContext
const routes: { method: string; path: string }[] = []
let engine: TestEngine
let admin: TestUser
let scene: Scene

before(async () => {
  const listen = (message: unknown) =>
    (message as { fastify: FastifyInstance }).fastify.addHook('onRoute', ({ method, url }) => {
      for (const each of [method].flat())
        if (url.startsWith(root)) routes.push({ method: each, path: url.slice(root.length) })
    })
  const provider = await startTestProvider(whole)
  subscribe('fastify.initialization', listen)
  engine = await startTestEngine(whole, { administrator })
  unsubscribe('fastify.initialization', listen)
  admin = await logIn(engine, administrator.name, administrator.password)
  scene = await setScene({ ...engine, ...admin }, provider)
})
after(() => stack.disposeAsync())

/** A VM, and alice, who has no permissions: for this test alone, as all users and VMs that it adds. */
async function start(t: TestContext) {
  t.after(async () => {
    for (const { id } of await admin.list('/vms')) await admin.ask('DELETE', `/vms/${id}`)
    for (const { id, principal } of await admin.list('/users'))
      if (principal !== 'admin') await admin.ask('DELETE', `/users/${id}`)
  })
  const vm = (await admin.ask('POST', '/vms', { name: 'vm', cluster: { id: scene.clusterId } })).id as string
  const nic = await admin.ask('POST', `/vms/${vm}/nics`, { name: 'nic', vnic_profile: { id: scene.profileId } })
  const alice = await addUser(engine, admin, 'alice')
  return { alice, vm, nic: nic.id as string }
}

test('every route of the API has a rule, and every rule a route', () => {
  const served = routes.filter(({ method }) => method !== 'HEAD').map(({ method, path }) => `${method} ${path}`)
  assert.deepEqual(
    served.filter((route) => !ruledRoutes.includes(route)),
    [],
  )
  assert.deepEqual(
    ruledRoutes.filter((route) => !served.includes(route)),
    [],
  )
})

test('a user without permissions is refused or shown nothing on every route, and nothing changes', async (t) => {
  const { alice, vm, nic } = await start(t)
  const gone = await admin.ask('POST', '/vms', { name: 'gone', cluster: { id: scene.clusterId } })
  await admin.ask('DELETE', `/vms/${gone.id}`)
  const ids: Readonly<Record<string, string>> = {
    '/datacenters/:': scene.dataCenterId,
    '/clusters/:': scene.clusterId,
    '/networks/:': scene.networkId,
    '/vnicprofiles/:': scene.profileId,
    '/openstacknetworkproviders/:': scene.providerId,
    '/vms/:': vm,
    '/nics/:': nic,
    '/users/:': (await admin.list('/users')).find(({ user_name }) => user_name.startsWith('admin')).id,
    '/roles/:': 'def00005-0000-0000-0000-def000000005',
    '/jobs/:': (await admin.list('/jobs'))[0].id,
    '/events/:': (await admin.list('/events')).at(-1).id,
  }
  const filled = (path: string) =>
    path.replaceAll(
      /(\/\w+\/):\w+/g,
      (_whole, collection: string) => `${collection}${ids[`${collection}:`] ?? 'nothing'}`,
    )
  const everything = async () => {
    const collections = ['datacenters', 'clusters', 'networks', 'vnicprofiles', 'openstacknetworkproviders', 'vms']
    const lists = [...collections, 'users', 'roles', 'permissions', 'events', 'macpools', 'jobs', `vms/${vm}/nics`]
    return Promise.all(lists.map((path) => admin.list(`/${path}`)))
  }
  const before = await everything()
  for (const { method, path } of routes) {
    if (method === 'HEAD' || path === '/events/stream') continue
    const isUpload = path === '/driverpackages' && method === 'POST'
    const { status, body } = await alice.send(
      method,
      filled(path),
      // Everybody may make VMs from Blank, where the cluster allows it.
      method === 'GET' ? undefined : isUpload ? 'x' : path === '/vms' ? { cluster: { name: 'c' } } : {},
      isUpload ? { 'content-type': 'application/octet-stream' } : {},
    )
    const what = `${method} ${path}: ${status} ${JSON.stringify(body)}`
    const { checks, shows } = ruleOf(method, path)!
    if (checks.length === 0 && !shows) assert.notEqual(status, 403, what)
    else if (checks.length === 0 && status === 404) assert.match(path, /:id$/, what)
    else if (checks.length === 0 && status === 200) assert.ok(isBare(body), what)
    else assert.deepEqual([status, body.detail], [403, `[${refusal}]`], what)
  }
  assert.deepEqual(await everything(), before)
})

/** Of a collection nothing; of templates the one that everybody may use, of users oneself, of events the own log-in. */
function isBare(body: object): boolean {
  const items = (Object.values(body)[0] ?? []) as { name?: string; principal?: string; user?: { name: string } }[]
  return items.every(
    ({ name, principal, user }) => name === 'Blank' || principal === 'alice' || user?.name === 'alice@internal',
  )
}

const grant = (giver: TestUser, path: string, role: string, user: string) =>
  giver.ask('POST', `${path}/permissions`, { role: { name: role }, user: { id: user } })
const names = async (user: TestUser, collection: string) => (await user.list(`/${collection}`)).map(({ name }) => name)

test('a role on a VM opens this VM alone, with what it belongs to', async (t) => {
  const { alice, vm, nic } = await start(t)
  const other = (await admin.ask('POST', '/vms', { name: 'other', cluster: { id: scene.clusterId } })).id
  await grant(admin, `/vms/${vm}`, 'UserRole', alice.id)
  assert.deepEqual(await names(alice, 'vms'), ['vm'])
  assert.deepEqual(await names(alice, 'vms?search=name%3Dother'), [])
  assert.equal((await alice.send('GET', '/clusters?search=vm.name%3Dother')).status, 400)
  assert.deepEqual([await names(alice, 'clusters'), await names(alice, 'datacenters')], [['c'], ['dc']])
  assert.equal((await alice.send('GET', `/vms/${other}`)).status, 403)
  assert.equal((await alice.send('GET', `/vms/${vm}/nics/${nic}/diagnosis`)).status, 200)
  // It is allowed, and there is no host to run it.
  assert.equal((await alice.send('POST', `/vms/${vm}/start`, {})).status, 409)
  // As oVirt's Ansible modules say nothing; and what only administrators may say.
  assert.equal((await alice.send('POST', `/vms/${vm}/start`, { vm: {} })).status, 409)
  const placed = { vm: { placement_policy: { hosts: { host: [{ name: 'h' }] } } } }
  assert.equal((await alice.send('POST', `/vms/${vm}/start`, placed)).status, 403)
  assert.equal((await alice.send('POST', `/vms/${vm}/start`, { vm: { host: { name: 'h' } } })).status, 403)
  for (const [method, path] of [
    ['POST', `/vms/${other}/start`],
    ['DELETE', `/vms/${vm}`],
    ['POST', `/vms/${vm}/nics`],
    ['POST', `/vms/${vm}/migrate`],
    ['PUT', `/vms/${vm}`],
  ] as const)
    assert.equal((await alice.send(method, path, { name: 'x' })).status, 403, path)
  const [permission] = await admin.list(`/users/${alice.id}/permissions`)
  await admin.ask('DELETE', `/vms/${vm}/permissions/${permission.id}`)
  assert.deepEqual(await names(alice, 'vms'), [])
})

test('whoever makes a VM has it; profiles are for those who may use them', async (t) => {
  const { alice } = await start(t)
  await grant(admin, `/clusters/${scene.clusterId}`, 'VmCreator', alice.id)
  assert.equal((await alice.send('POST', '/vms', { name: 'x', cluster: { name: 'd' } })).status, 404)
  const hooked = {
    name: 'x',
    cluster: { name: 'c' },
    custom_properties: { custom_property: [{ name: 'a', value: 'b' }] },
  }
  assert.equal((await alice.send('POST', '/vms', hooked)).status, 403)
  const { id } = await alice.ask('POST', '/vms', { name: 'mine', cluster: { name: 'c' } })
  assert.deepEqual(await names(alice, 'vms'), ['mine'])
  const nic = { name: 'nic1', vnic_profile: { id: scene.profileId } }
  assert.equal((await alice.send('POST', `/vms/${id}/nics`, nic)).status, 403)
  assert.deepEqual(await names(alice, 'vnicprofiles'), [])

  await grant(admin, `/networks/${scene.networkId}`, 'VnicProfileUser', alice.id)
  assert.deepEqual([await names(alice, 'vnicprofiles'), await names(alice, 'networks')], [['blue'], ['blue']])
  const { id: nicId } = await alice.ask('POST', `/vms/${id}/nics`, nic)
  assert.equal((await alice.send('PUT', `/networks/${scene.networkId}`, { comment: 'x' })).status, 403)
  await alice.ask('DELETE', `/vms/${id}/nics/${nicId}`)
  await alice.ask('DELETE', `/vms/${id}`)
  const jobs = await alice.list('/jobs')
  assert.ok(jobs.length > 0 && jobs.every(({ owner }) => owner.name === 'alice@internal'))
  assert.ok((await alice.list('/events')).every(({ user }) => user.name === 'alice@internal'))
  assert.deepEqual(await admin.list(`/users/${alice.id}/permissions`).then((all) => all.length), 2)
})

test('whoever makes a network may change and remove it, and make profiles that are his', async (t) => {
  const { alice } = await start(t)
  const levels = await admin.ask('GET', '/clusterlevels/4.3')
  const permit = levels.permits.permit.filter(({ name }: { name: string }) => name === 'create_storage_pool_network')
  const maker = { name: 'NetworkMaker', administrative: 'true', permits: { permit } }
  const { id: roleId } = await admin.ask('POST', '/roles', maker)
  // After its users, who go at the end of each test.
  t.after(() => admin.ask('DELETE', `/roles/${roleId}`))
  await grant(admin, `/datacenters/${scene.dataCenterId}`, 'NetworkMaker', alice.id)
  const { id } = await alice.ask('POST', '/networks', { name: 'hers', data_center: { id: scene.dataCenterId } })
  const { id: profile } = await alice.ask('POST', '/vnicprofiles', { name: 'fast', network: { id } })
  await alice.ask('PUT', `/vnicprofiles/${profile}`, { description: 'x' })
  assert.equal((await alice.send('PUT', `/networks/${scene.networkId}`, { description: 'x' })).status, 403)
  assert.equal((await alice.send('DELETE', `/vnicprofiles/${scene.profileId}`)).status, 403)
  await alice.ask('DELETE', `/networks/${id}`)
  assert.equal((await admin.list(`/users/${alice.id}/permissions`)).length, 1, 'they go with it')
})

test('everybody changes the own password, and only that, with the old one', async (t) => {
  const { alice } = await start(t)
  const bob = await addUser(engine, admin, 'bob')
  const change = (whose: string, password: string, new_password = 'through the looking-glass') =>
    alice.send('POST', `/users/${whose}/changepassword`, { password, new_password })
  assert.equal((await change(bob.id, 'password of bob')).status, 403)
  assert.deepEqual(
    [await change(alice.id, 'wrong'), await change(alice.id, 'password of alice', 'short')].map(({ status }) => status),
    [400, 400],
  )
  const elsewhere = await logIn(engine, 'alice@internal', 'password of alice')
  assert.equal((await change(alice.id, 'password of alice')).status, 200)
  const statuses = await Promise.all([alice, elsewhere].map(async (user) => (await user.send('GET', '/vms')).status))
  assert.deepEqual(statuses, [200, 401], 'all sessions but this one have ended')
  await assert.rejects(logIn(engine, 'alice@internal', 'password of alice'))
  await logIn(engine, 'alice@internal', 'through the looking-glass')
  const [told] = await admin.list('/events?search=code%3D346')
  assert.equal(told.description, 'Password changed successfully for alice@internal-authz')
})

test('a profile for public use is for everybody', async (t) => {
  const { alice, vm } = await start(t)
  await grant(admin, `/vms/${vm}`, 'UserVmManager', alice.id)
  const nic = { name: 'nic1', vnic_profile: { id: scene.profileId } }
  assert.equal((await alice.send('POST', `/vms/${vm}/nics`, nic)).status, 403)
  const share = (isPublic: string) => admin.ask('PUT', `/vnicprofiles/${scene.profileId}`, { public_use: isPublic })
  await share('true')
  t.after(() => share('false'))
  assert.deepEqual(await names(alice, 'vnicprofiles'), ['blue'])
  await alice.ask('POST', `/vms/${vm}/nics`, nic)
})

test('a network administrator manages networks and providers, and runs nothing', async (t) => {
  const { alice, vm } = await start(t)
  await admin.ask('POST', '/permissions', { role: { name: 'NetworkAdmin' }, user: { id: alice.id } })
  const { id } = await alice.ask('POST', '/networks', { name: 'red', data_center: { id: scene.dataCenterId } })
  await alice.ask('PUT', `/openstacknetworkproviders/${scene.providerId}`, { description: 'ours' })
  await alice.ask('POST', `/clusters/${scene.clusterId}/networks`, { id, required: 'false' })
  await alice.ask('DELETE', `/networks/${id}`)
  assert.deepEqual(await names(alice, 'vms'), ['vm'])
  for (const [method, path] of [
    ['POST', `/vms/${vm}/start`],
    ['DELETE', `/vms/${vm}`],
    ['POST', '/clusters'],
    ['POST', '/users'],
    ['POST', '/driverpackages'],
  ] as const)
    assert.equal((await alice.send(method, path, {})).status, 403, path)
})

test('who may give permissions gives no administrative ones, and does not become another', async (t) => {
  const { alice, vm } = await start(t)
  const bob = await addUser(engine, admin, 'bob')
  await grant(admin, `/vms/${vm}`, 'UserVmManager', alice.id)
  assert.deepEqual((await alice.list('/users')).length, 3)
  await grant(alice, `/vms/${vm}`, 'UserRole', bob.id)
  assert.deepEqual(await names(bob, 'vms'), ['vm'])
  const admins = await alice.send('POST', `/vms/${vm}/permissions`, {
    role: { name: 'ClusterAdmin' },
    user: { id: bob.id },
  })
  assert.deepEqual(
    [admins.status, /Cannot add permission, only system super user can give/.test(admins.body.detail)],
    [403, true],
  )
  assert.equal(
    (await alice.send('POST', '/permissions', { role: { name: 'UserRole' }, user: { id: bob.id } })).status,
    403,
  )

  const onVm = { role: { name: 'ClusterAdmin' }, user: { id: bob.id } }
  const { id: given } = await admin.ask('POST', `/vms/${vm}/permissions`, onVm)
  const kept = await alice.send('DELETE', `/vms/${vm}/permissions/${given}`)
  assert.deepEqual([kept.status, /super user can remove permissions/.test(kept.body.detail)], [403, true])
  await admin.ask('DELETE', `/vms/${vm}/permissions/${given}`)

  const misleading = { role: { name: 'UserRole' }, vm: { name: 'vm' }, cluster: { id: scene.clusterId } }
  assert.equal((await alice.send('POST', `/users/${bob.id}/permissions`, misleading)).status, 403)

  await admin.ask('POST', '/roles', {
    name: 'Clerk',
    administrative: 'true',
    permits: { permit: [{ name: 'manipulate_users' }] },
  })
  await admin.ask('POST', '/permissions', { role: { name: 'Clerk' }, user: { id: bob.id } })
  await bob.ask('PUT', `/users/${alice.id}`, { password: 'a new one' })
  await admin.ask('POST', '/permissions', { role: { name: 'NetworkAdmin' }, user: { id: alice.id } })
  assert.equal((await bob.send('PUT', `/users/${alice.id}`, { password: 'mine now' })).status, 403)

  await admin.ask('POST', '/permissions', { role: { name: 'SuperUser' }, user: { id: bob.id } })
  const himself = await bob.send('DELETE', `/users/${bob.id}`)
  assert.deepEqual([himself.status, /User is currently logged in/.test(himself.body.detail)], [409, true])
})

test('a new password, a disabled user and a removed one end sessions at once', async (t) => {
  const { alice } = await start(t)
  const works = async (user: TestUser) => (await user.send('GET', '/vms')).status
  assert.equal(await works(alice), 200)
  await admin.ask('PUT', `/users/${alice.id}`, { password: 'another password' })
  assert.equal(await works(alice), 401)
  await assert.rejects(logIn(engine, 'alice@internal', 'password of alice'), /Cannot authenticate/)
  const again = await logIn(engine, 'alice@internal-authz', 'another password')
  const basic = { authorization: `Basic ${Buffer.from('alice@internal:another password').toString('base64')}` }
  const byBasic = async () => (await engine.send('GET', '/vms', undefined, basic)).status
  assert.deepEqual([await works(again), await byBasic(), await byBasic()], [200, 200, 200])
  await admin.ask('PUT', `/users/${alice.id}`, { enabled: 'false' })
  assert.deepEqual([await works(again), await byBasic()], [401, 401])
  await admin.ask('PUT', `/users/${alice.id}`, { enabled: 'true' })
  const last = await logIn(engine, 'alice@internal', 'another password')
  await admin.ask('DELETE', `/users/${alice.id}`)
  assert.deepEqual([await works(last), await byBasic()], [401, 401])
  const told = async (code: number) =>
    (await admin.list(`/events?search=code%3D${code}`)).map(({ description }) => description).join('\n')
  assert.match(await told(30), /alice@internal connecting from '127.0.0.1' logged in/)
  assert.match(await told(114), /alice@internal connecting from '127.0.0.1' failed to log in/)
})

test('the live stream tells a user what the user may see, by the rights of the moment', async (t) => {
  const { alice, vm } = await start(t)
  const over = new AbortController()
  t.after(() => over.abort())
  const answer = await fetch(`${engine.url}${root}/events/stream`, {
    headers: { authorization: `Bearer ${alice.token}` },
    signal: over.signal,
  })
  const told: string[] = []
  const read = async () => {
    for await (const piece of answer.body!.pipeThrough(new TextDecoderStream())) told.push(piece)
  }
  void read().catch(() => {})
  const hidden = await admin.ask('POST', '/vms', { name: 'hidden', cluster: { id: scene.clusterId } })
  await grant(admin, `/vms/${vm}`, 'UserRole', alice.id)
  await admin.ask('PUT', `/vms/${vm}`, { comment: 'seen' })
  const text = () => told.join('')
  assert.ok(await until(() => text().includes(`/vms/${vm}"`), 5_000), text())
  assert.doesNotMatch(text(), new RegExp(`${hidden.id}|${scene.providerId}|USER_|event: event`))
})

test('the portal tells who is logged in, whether as an administrator, and what that user may do where', async (t) => {
  const { alice, vm } = await start(t)
  await grant(admin, `/vms/${vm}`, 'UserRole', alice.id)
  const session = `${engine.url}/ovirt-engine/webadmin/session`
  const logInto = async (username: string, password: string) =>
    (await (
      await fetch(session, {
        method: 'POST',
        headers: { 'x-patchbay-portal': '1', 'content-type': 'application/json' },
        body: JSON.stringify({ username, password }),
      })
    ).json()) as { readonly grants: readonly { readonly object: string; readonly permits: readonly string[] }[] }
  const running = ['reboot_vm', 'stop_vm', 'shut_down_vm', 'hibernate_vm', 'run_vm', 'login']
  const { grants, ...told } = await logInto('alice@internal', 'password of alice')
  assert.deepEqual(told, { user: 'alice@internal', id: alice.id, administrator: false, everything: false })
  assert.deepEqual(
    grants.filter(({ object }) => object === vm),
    [{ object: vm, permits: running }],
  )
  const { id } = (await admin.ask('GET', '')).authenticated_user ?? {}
  const [{ id: adminId }] = await admin.list('/users?search=usrname%3Dadmin*')
  assert.equal(id, adminId)
  assert.deepEqual(await logInto(administrator.name, administrator.password), {
    user: administrator.name,
    id,
    administrator: true,
    everything: true,
    grants: [],
  })
})
