// Quotas: who sees and sets them, and that nobody gets more than the quota says.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { hashPassword } from '@patchbay/service/password-hash.ts'
import { writeUsers } from '../identity/users/own-users.ts'
import { startTestProvider, testBackend } from '../testing/test-provider.ts'

const unlimited = {
  network: -1,
  subnet: -1,
  port: -1,
  router: -1,
  floatingip: -1,
  security_group: -1,
  security_group_rule: -1,
}

test('without a quota of its own, a project has no limit', async (t) => {
  const { send } = await startTestProvider(t)
  for (const path of ['/quotas/blue', '/quotas/blue/default'])
    assert.deepEqual((await send('GET', path)).body, { quota: unlimited })
  assert.deepEqual((await send('GET', '/quotas')).body, { quotas: [] })
  const { status, body } = await send('DELETE', '/quotas/blue')
  assert.deepEqual(
    [status, body.NeutronError],
    [404, { type: 'TenantQuotaNotFound', message: 'Quota for tenant blue could not be found.', detail: '' }],
  )
})

test('a quota is set limit by limit, shown, listed and deleted', async (t) => {
  const { send } = await startTestProvider(t)
  const set = await send('PUT', '/quotas/blue', { quota: { network: 1 } })
  assert.deepEqual([set.status, set.body], [200, { quota: { ...unlimited, network: 1 } }])
  // The OpenStack command sends numbers as strings in places, and `force`.
  const more = await send('PUT', '/quotas/blue', { quota: { port: '7', force: true } })
  assert.deepEqual(more.body, { quota: { ...unlimited, network: 1, port: 7 } })
  assert.deepEqual((await send('GET', '/quotas/blue')).body, more.body)
  assert.deepEqual((await send('GET', '/quotas/blue/default')).body, { quota: unlimited })
  assert.deepEqual((await send('GET', '/quotas')).body, {
    quotas: [{ project_id: 'blue', tenant_id: 'blue', ...more.body.quota }],
  })
  assert.equal((await send('DELETE', '/quotas/blue')).status, 204)
  assert.deepEqual((await send('GET', '/quotas/blue')).body, { quota: unlimited })
})

test('a quota survives a restart', async (t) => {
  const { send, kept, ...first } = await startTestProvider(t)
  await send('PUT', '/quotas/blue', { quota: { network: 1 } })
  await first[Symbol.asyncDispose]()
  const second = await startTestProvider(t, kept)
  assert.equal((await second.send('GET', '/quotas/blue')).body.quota.network, 1)
})

test('what goes beyond the quota is not made', async (t) => {
  const { send } = await startTestProvider(t)
  const blue = { project_id: 'blue' }
  const { id } = (await send('POST', '/networks', { network: blue })).body.network
  const outside = (await send('POST', '/networks', { network: { 'router:external': true } })).body.network.id
  await send('POST', '/subnets', { subnet: { network_id: outside, ip_version: 4, cidr: '192.0.2.0/24' } })
  await send('PUT', '/quotas/blue', { quota: { network: 2, subnet: 1, port: 0, router: 1, floatingip: 1 } })
  const subnet = (third: number) => ({ ...blue, network_id: id, ip_version: 4, cidr: `10.0.${third}.0/24` })
  const floating = { floating_network_id: outside }
  for (const [plural, resources, status] of [
    ['networks', [blue, blue], 409],
    ['networks', [blue], 201],
    ['networks', [blue], 409],
    ['networks', [{ tenant_id: 'red' }, {}], 201],
    ['subnets', [subnet(1)], 201],
    ['subnets', [subnet(2)], 409],
    ['ports', [{ ...blue, network_id: id }], 409],
    ['ports', [{ network_id: id }], 201],
    ['routers', [blue], 201],
    ['routers', [blue], 409],
    ['floatingips', [{ ...blue, ...floating }], 201],
    ['floatingips', [{ ...blue, ...floating }], 409],
    ['floatingips', [floating], 201],
  ] as const) {
    const answer = await send('POST', `/${plural}`, { [plural]: resources })
    assert.equal(answer.status, status, JSON.stringify(answer.body))
    if (status !== 409) continue
    const message = `Quota exceeded for resources: ['${plural.slice(0, -1)}'].`
    assert.deepEqual(answer.body.NeutronError, { type: 'OverQuota', message, detail: '' })
  }
  assert.deepEqual((await send('GET', '/quotas/blue/details')).body.quota, {
    network: { limit: 2, used: 2, reserved: 0 },
    subnet: { limit: 1, used: 1, reserved: 0 },
    port: { limit: 0, used: 0, reserved: 0 },
    router: { limit: 1, used: 1, reserved: 0 },
    floatingip: { limit: 1, used: 1, reserved: 0 },
    security_group: { limit: -1, used: 0, reserved: 0 },
    security_group_rule: { limit: -1, used: 0, reserved: 0 },
  })
  const ports = (await send('GET', `/ports?network_id=${outside}`)).body.ports
  assert.equal(ports.length, 2, 'a refused floating IP leaves no port')
})

test('security groups and their rules are counted, those made by themselves too; a refused group leaves nothing', {
  skip: testBackend === 'ovn' ? false : 'this backend has no security groups',
}, async (t) => {
  const { send } = await startTestProvider(t)
  const blue = { project_id: 'blue' }
  const make = (type: string, attributes: object) =>
    send('POST', `/${type.replaceAll('_', '-')}s`, { [type]: attributes })
  const used = async () => {
    const { security_group, security_group_rule } = (await send('GET', '/quotas/blue/details')).body.quota
    return [security_group.used, security_group_rule.used]
  }
  await send('PUT', '/quotas/blue', { quota: { security_group: 2, security_group_rule: 7 } })
  const { security_group: web } = (await make('security_group', { ...blue, name: 'web' })).body
  assert.deepEqual(await used(), [2, 6], 'the default group and web: four rules and two')
  const rule = (port: number) => {
    const ports = { port_range_min: port, port_range_max: port }
    return { security_group_id: web.id, direction: 'ingress', protocol: 'tcp', ...ports }
  }
  assert.equal((await make('security_group_rule', rule(80))).status, 201)
  const refuse = async (resource: string, type: string, attributes: object) => {
    const before = (await send('GET', '/security-groups')).body
    const { status, body } = await make(type, attributes)
    const message = `Quota exceeded for resources: ['${resource}'].`
    assert.deepEqual([status, body.NeutronError], [409, { type: 'OverQuota', message, detail: '' }])
    assert.deepEqual((await send('GET', '/security-groups')).body, before)
  }
  await refuse('security_group_rule', 'security_group_rule', rule(81))
  await refuse('security_group', 'security_group', { ...blue, name: 'db' })
  await send('PUT', '/quotas/blue', { quota: { security_group: 9 } })
  await refuse('security_group_rule', 'security_group', { ...blue, name: 'db' })
  await send('PUT', '/quotas/blue', { quota: { security_group_rule: 9 } })
  assert.equal((await make('security_group', { ...blue, name: 'db' })).status, 201)
  assert.deepEqual(await used(), [3, 9])
  const { network } = (await send('POST', '/networks', { network: { project_id: 'red' } })).body
  await send('PUT', '/quotas/red', { quota: { security_group: 0, security_group_rule: 0 } })
  const port = await send('POST', '/ports', { port: { project_id: 'red', network_id: network.id } })
  assert.equal(port.status, 201, 'a default group is made whatever the quota')
})

test('a limit below what is there is refused only when the request asks to check', async (t) => {
  const { send } = await startTestProvider(t)
  await send('POST', '/networks', { networks: [{ project_id: 'blue' }, { project_id: 'blue' }] })
  const { status, body } = await send('PUT', '/quotas/blue', { quota: { network: 1, check_limit: true } })
  const message = 'Quota limit 1 for network must be greater than or equal to already used 2'
  assert.deepEqual([status, body.NeutronError], [400, { type: 'HTTPBadRequest', message, detail: '' }])
  for (const quota of [{ network: 2, check_limit: true }, { network: -1, check_limit: true }, { network: 1 }])
    assert.equal((await send('PUT', '/quotas/blue', { quota })).status, 200)
})

test('what is no quota is refused', async (t) => {
  const { send } = await startTestProvider(t)
  for (const [quota, type, message] of [
    [{ rbac_policy: 5 }, 'HTTPBadRequest', "Unrecognized attribute(s) 'rbac_policy'"],
    [{ network: 'many' }, 'InvalidInput', "Invalid input for operation: 'many' is not an integer."],
    [{ network: -2 }, 'HTTPBadRequest', /^Invalid input for network\. Reason: '-2' is too small/],
    [undefined, 'HTTPBadRequest', "Unable to find 'quota' in request body"],
  ] as const) {
    const { status, body } = await send('PUT', '/quotas/blue', { quota })
    assert.deepEqual([status, body.NeutronError.type], [400, type])
    if (typeof message === 'string') assert.equal(body.NeutronError.message, message)
    else assert.match(body.NeutronError.message, message)
  }
  assert.equal((await send('POST', '/quotas', {})).status, 405)
  assert.deepEqual((await send('GET', '/quotas')).body, { quotas: [] })
})

test('a member sees the own quota; the rest is for administrators', async (t) => {
  const { admin, ann, project } = await startWithMember(t)
  await admin('PUT', `/quotas/${project}`, { quota: { network: 1 } })
  assert.deepEqual((await ann('GET', '/quotas/project')).body, { project: { project_id: project } })
  assert.deepEqual((await ann('GET', '/quotas/tenant')).body, { tenant: { tenant_id: project } })
  assert.equal((await ann('GET', `/quotas/${project}`)).body.quota.network, 1)
  assert.equal((await ann('POST', '/networks', { networks: [{}] })).status, 201)
  assert.equal((await ann('POST', '/networks', { network: {} })).status, 409)
  for (const [method, path] of [
    ['GET', '/quotas'],
    ['GET', '/quotas/other'],
    ['GET', '/quotas/other/default'],
    ['GET', '/quotas/other/details'],
    ['PUT', `/quotas/${project}`],
    ['DELETE', `/quotas/${project}`],
  ] as const) {
    const { status, body } = await ann(method, path, method === 'PUT' ? { quota: { network: 9 } } : undefined)
    assert.deepEqual([status, body.NeutronError.type], [403, 'PolicyNotAuthorized'], `${method} ${path}`)
  }
})

async function startWithMember(t: TestContext) {
  const provider = await startTestProvider(t, { administrator: { name: 'admin', password: 'secret' } })
  const passwordHash = await hashPassword('x')
  writeUsers(`${provider.dataDir}/users.json`, [{ name: 'ann', passwordHash, projects: { blue: ['member'] } }])
  const logIn = async (username: string, password: string) => {
    const response = await fetch(`${provider.identityUrl}/tokens`, {
      method: 'POST',
      body: JSON.stringify({ auth: { passwordCredentials: { username, password } } }),
    })
    const { token } = ((await response.json()) as any).access
    const send = (method: string, path: string, body?: unknown) =>
      provider.send(method, path, body, { 'x-auth-token': token.id })
    return { send, project: token.tenant.id as string }
  }
  const [admin, ann] = [await logIn('admin', 'secret'), await logIn('ann', 'x')]
  return { admin: admin.send, ann: ann.send, project: ann.project }
}
