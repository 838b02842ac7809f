// Users, roles and permissions as resources: added, listed, changed, removed, and refused.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startTestEngine } from '../../testing/test-engine.ts'

const administrator = { name: 'admin@internal', password: 'secret' }
const everyone = 'eee00000-0000-0000-0000-123456789eee'
const vnicProfileUser = 'def0000a-0000-0000-0000-def000000010'

async function start(t: TestContext) {
  const engine = await startTestEngine(t)
  const add = async (path: string, body: object) => (await engine.ask('POST', path, body)).id as string
  const dataCenter = await add('/datacenters', { name: 'dc' })
  const network = await add('/networks', { name: 'red', data_center: { id: dataCenter } })
  const [profile] = await engine.list(`/networks/${network}/vnicprofiles`)
  const alice = await add('/users', { user_name: 'alice@internal-authz', password: 'wonderland' })
  const refused = async (method: string, path: string, body?: object) => {
    const { status, body: fault } = await engine.send(method, path, body)
    return [status, String(fault.detail)] as const
  }
  const assertTold = async (...codes: number[]) => {
    const told = new Set((await engine.list('/events')).map(({ code }) => Number(code)))
    assert.deepEqual(
      codes.filter((code) => !told.has(code)),
      [],
      'not told',
    )
  }
  return { ...engine, add, refused, assertTold, dataCenter, network, profile: profile.id as string, alice }
}

test('a user is added, found, changed and removed, and the password is never shown', async (t) => {
  const { ask, list, refused, alice } = await start(t)
  const shown = await ask('GET', `/users/${alice}`)
  assert.deepEqual(
    [shown.user_name, shown.principal, shown.domain.name, shown.enabled, JSON.stringify(shown).includes('wonderland')],
    ['alice@internal-authz', 'alice', 'internal-authz', 'true', false],
  )
  assert.equal(shown.domain.id, (await list('/domains'))[0].id)
  await ask('PUT', `/users/${alice}`, { last_name: 'Liddell', enabled: 'false' })
  const [found] = await list('/users?search=usrname%3Dalice*')
  assert.deepEqual([found.id, found.last_name, found.enabled], [alice, 'Liddell', 'false'])
  const events = (await list('/events?max=2')).map(({ code }) => code)
  assert.deepEqual(events, ['30010', '149'])
  assert.match((await refused('POST', '/users', { user_name: 'alice' }))[1], /already used/)
  for (const wrong of [{}, { user_name: 'b b' }, { user_name: 'bob', password: 'short' }])
    assert.equal((await refused('POST', '/users', wrong))[0], 400, JSON.stringify(wrong))
  for (const stranger of [{ user_name: 'bob@example' }, { user_name: 'bob', domain: { name: 'example' } }])
    assert.match((await refused('POST', '/users', stranger)).join(), /^400,.*User must exist in Directory/)
  await ask('DELETE', `/users/${alice}`)
  assert.deepEqual(await list('/users'), [])
})

test('the administrator is a user and SuperUser of the system, and stays both', async (t) => {
  const engine = await startTestEngine(t, { administrator })
  const authorization = `Basic ${Buffer.from('admin@internal:secret').toString('base64')}`
  const send = async (method: string, path: string, body?: object) =>
    (await engine.send(method, path, body, { authorization })).body
  const [user] = (await send('GET', '/users')).user
  assert.equal(user.user_name, 'admin@internal-authz')
  const [permission] = (await send('GET', `/permissions?follow=role`)).permission
  assert.deepEqual([permission.user.id, permission.role.name], [user.id, 'SuperUser'])
  for (const path of [`/users/${user.id}`, `/permissions/${permission.id}`])
    assert.match((await send('DELETE', path)).detail, /Cannot remove internal admin user or its permissions/)
  for (const change of [{ password: 'another' }, { enabled: 'false' }])
    assert.match((await send('PUT', `/users/${user.id}`, change)).detail, /--password-file/)
})

test('predefined roles have the ids of oVirt and stay; own ones are made of permits', async (t) => {
  const { ask, list, add, refused, assertTold, alice } = await start(t)
  const roles = new Map((await list('/roles')).map((role) => [role.name, role]))
  assert.equal(roles.get('VnicProfileUser').id, vnicProfileUser)
  const { id: userRole } = roles.get('UserRole')
  for (const [method, path] of [
    ['PUT', `/roles/${userRole}`],
    ['DELETE', `/roles/${userRole}`],
    ['POST', `/roles/${userRole}/permits`],
  ] as const)
    assert.match((await refused(method, path, { name: 'x' }))[1], /The Role is Read-Only|There is no permit/)

  const levels = await ask('GET', '/clusterlevels/4.3')
  const runVm = levels.permits.permit.find(({ name }: { name: string }) => name === 'run_vm')
  const starter = { name: 'Starter', administrative: 'false', permits: { permit: [{ id: runVm.id }] } }
  const role = await add('/roles', starter)
  const permits = async () => (await list(`/roles/${role}/permits`)).map(({ name }) => name)
  assert.deepEqual(await permits(), ['login', 'run_vm'])
  await add(`/roles/${role}/permits`, { name: 'stop_vm' })
  assert.match(
    (await refused('POST', `/roles/${role}/permits`, { name: 'create_host' }))[1],
    /Cannot add administrator's action group to a User Role/,
  )
  assert.match((await refused('POST', `/roles/${role}/permits`, { name: 'stop_vm' }))[1], /already attached to Role/)
  assert.match((await refused('PUT', `/roles/${role}`, { administrative: 'true' }))[1], /Changing Role type/)
  assert.equal((await ask('GET', `/roles/${role}`)).administrative, 'false')
  await ask('DELETE', `/roles/${role}/permits/${runVm.id}`)
  assert.deepEqual(await permits(), ['login', 'stop_vm'])
  assert.equal((await refused('POST', '/roles', { ...starter, name: 'UserRole' }))[0], 409)
  await ask('PUT', `/roles/${role}`, { name: 'Stopper' })

  const given = await add('/permissions', { role: { name: 'Stopper' }, user: { id: alice } })
  assert.match((await refused('DELETE', `/roles/${role}`))[1], /Permissions is still associated with Role/)
  assert.deepEqual(
    (await list(`/users/${alice}/roles`)).map(({ name }) => name),
    ['Stopper'],
  )
  await ask('DELETE', `/permissions/${given}`)
  await ask('DELETE', `/roles/${role}`)
  await assertTold(864, 860, 862, 856, 866, 868, 858)
})

test('a permission counts for what is below its thing, is removed where it was given, and goes with the thing', async (t) => {
  const { ask, list, add, refused, assertTold, alice, dataCenter, network, profile } = await start(t)
  const body = { role: { name: 'NetworkAdmin' }, user: { id: alice } }
  const onCenter = await add(`/datacenters/${dataCenter}/permissions`, body)
  assert.equal(await add(`/datacenters/${dataCenter}/permissions`, body), onCenter, 'once is enough')
  const onNetwork = await add(`/users/${alice}/permissions`, { role: body.role, network: { id: network } })
  const below = await list(`/vnicprofiles/${profile}/permissions`)
  assert.deepEqual(below.map(({ id }) => id).sort(), [onCenter, onNetwork].sort())
  assert.equal(below.find(({ id }) => id === onNetwork).network.id, network)
  assert.match(
    (await refused('DELETE', `/vnicprofiles/${profile}/permissions/${onCenter}`))[1],
    /Cannot remove inherited permission/,
  )
  for (const wrong of [{ user: { id: alice } }, { role: { name: 'Nobody' } }, { role: body.role }])
    assert.ok((await refused('POST', `/networks/${network}/permissions`, wrong))[0] >= 400)
  assert.equal((await refused('POST', `/users/${alice}/permissions`, { role: body.role }))[0], 400)
  assert.equal((await refused('POST', '/vms/nothing/permissions', body))[0], 404)

  await ask('DELETE', `/networks/${network}`)
  assert.deepEqual(
    (await list(`/users/${alice}/permissions`)).map(({ id }) => id),
    [onCenter],
  )
  const onProfile = await add(`/datacenters/${dataCenter}/permissions`, { ...body, role: { name: 'VnicProfileUser' } })
  await ask('DELETE', `/datacenters/${dataCenter}/permissions/${onProfile}`)
  await ask('DELETE', `/users/${alice}`)
  assert.deepEqual(await list(`/datacenters/${dataCenter}/permissions`), [])
  await assertTold(850, 852, 325)
})

test('public use of a vNIC profile and the role VnicProfileUser of Everyone on it are one', async (t) => {
  const { ask, list, profile } = await start(t)
  const permissions = `/vnicprofiles/${profile}/permissions`
  const isPublic = async () => (await ask('GET', `/vnicprofiles/${profile}`)).public_use
  assert.deepEqual([await isPublic(), await list(permissions)], ['false', []])
  const body = { role: { id: vnicProfileUser }, group: { id: everyone } }
  const { id, group } = await ask('POST', permissions, body)
  assert.deepEqual([await isPublic(), group.id], ['true', everyone])
  const ofEveryone = await list(`/groups/${everyone}/permissions`)
  assert.deepEqual(
    ofEveryone.map((each) => each.id),
    ['00000004-0004-0004-0004-000000000355', id],
  )
  await ask('DELETE', `${permissions}/${id}`)
  assert.equal(await isPublic(), 'false')
  await ask('PUT', `/vnicprofiles/${profile}`, { public_use: 'true' })
  assert.equal((await list(permissions)).length, 1)
})
