// Who may do what with networks, subnets and ports: administrators, members, readers, and strangers to a project.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { testBackend, tunnelType } from '../testing/test-provider.ts'
import { startWithUsers } from '../testing/test-users.ts'

async function start(t: TestContext) {
  const { admin, ann, rob, max } = await startWithUsers(t)
  const network = (await ann('POST', '/networks', { network: { name: 'blue' } })).body.network
  const subnet = (
    await ann('POST', '/subnets', { subnet: { network_id: network.id, ip_version: 4, cidr: '10.0.0.0/24' } })
  ).body.subnet
  const port = (await ann('POST', '/ports', { port: { network_id: network.id } })).body.port
  return { admin, ann, rob, max, network, subnet, port }
}

const things = ({ network, subnet, port }: Awaited<ReturnType<typeof start>>) =>
  [
    [`/networks/${network.id}`, 'network'],
    [`/subnets/${subnet.id}`, 'subnet'],
    [`/ports/${port.id}`, 'port'],
  ] as const

test('what a member makes belongs to the own project', async (t) => {
  const made = await start(t)
  const { network, subnet, port } = made
  assert.ok(network.project_id.length > 0)
  for (const row of [network, subnet, port])
    assert.deepEqual([row.project_id, row.tenant_id], [network.project_id, network.project_id])
})

test('a reader sees the project and changes nothing', async (t) => {
  const made = await start(t)
  for (const [path, name] of things(made)) {
    assert.equal((await made.rob('GET', path)).status, 200)
    for (const [method, body] of [
      ['PUT', { [name]: { name: 'x' } }],
      ['DELETE', undefined],
    ] as const) {
      const { status, body: answer } = await made.rob(method, path, body)
      assert.deepEqual([status, answer.NeutronError.type], [403, 'PolicyNotAuthorized'], `${method} ${path}`)
    }
  }
  const { status } = await made.rob('POST', '/networks', { network: {} })
  assert.equal(status, 403)
})

test('for another project they do not exist', async (t) => {
  const made = await start(t)
  for (const [path, name] of things(made)) {
    for (const [method, body] of [
      ['GET', undefined],
      ['PUT', { [name]: { name: 'x' } }],
      ['DELETE', undefined],
    ] as const)
      assert.equal((await made.max(method, path, body)).status, 404, `${method} ${path}`)
    assert.deepEqual((await made.max('GET', path.replace(/\/[^/]+$/, ''))).body, { [`${name}s`]: [] })
  }
  for (const [path, name] of [
    ['/subnets', 'subnet'],
    ['/ports', 'port'],
  ]) {
    const body = {
      [name!]: { network_id: made.network.id, ...(name === 'subnet' && { ip_version: 4, cidr: '10.1.0.0/24' }) },
    }
    const { status, body: answer } = await made.max('POST', path!, body)
    assert.deepEqual([status, answer.NeutronError.type], [404, 'NetworkNotFound'])
  }
})

test('a shared network is seen and used by all, and changed by its owner and administrators only', async (t) => {
  const { admin, max, network } = await start(t)
  assert.equal((await admin('PUT', `/networks/${network.id}`, { network: { shared: true } })).status, 200)
  assert.equal((await max('GET', `/networks/${network.id}`)).status, 200)
  const { status, body } = await max('POST', '/ports', { port: { network_id: network.id } })
  assert.equal(status, 201)
  assert.notEqual(body.port.project_id, network.project_id)
  assert.equal((await max('PUT', `/networks/${network.id}`, { network: { name: 'mine' } })).status, 403)
  assert.equal(
    (await max('POST', '/subnets', { subnet: { network_id: network.id, ip_version: 4, cidr: '10.1.0.0/24' } })).status,
    403,
  )
  assert.equal((await max('DELETE', `/networks/${network.id}`)).status, 403)
})

test('the owner of a network sees the ports of others on it', async (t) => {
  const { admin, ann, max, network } = await start(t)
  await admin('PUT', `/networks/${network.id}`, { network: { shared: true } })
  const { port } = (await max('POST', '/ports', { port: { network_id: network.id } })).body
  assert.equal((await ann('GET', `/ports/${port.id}`)).status, 200)
  assert.equal((await ann('DELETE', `/ports/${port.id}`)).status, 403)
})

test('some attributes are for administrators', async (t) => {
  const { admin, ann, port, network } = await start(t)
  for (const attribute of [
    { shared: true },
    { 'provider:network_type': tunnelType },
    { 'provider:segmentation_id': 77 },
    { 'router:external': true },
  ]) {
    const { status, body } = await ann('POST', '/networks', { network: attribute })
    assert.deepEqual([status, body.NeutronError.type], [403, 'PolicyNotAuthorized'], JSON.stringify(attribute))
    assert.equal((await admin('POST', '/networks', { network: attribute })).status, 201)
  }
  assert.equal((await ann('PUT', `/ports/${port.id}`, { port: { 'binding:host_id': 'h' } })).status, 403)
  const wires = await ann('PUT', `/ports/${port.id}/wires/h`)
  assert.equal(wires.status, testBackend === 'ovn' ? 404 : 403, 'OVN knows by itself where a port is wired')
  for (const [method, path] of [
    ['GET', ''],
    ['PUT', '/h'],
    ['DELETE', '/h'],
  ] as const)
    assert.equal((await ann(method, `/tunnel-endpoints${path}`)).status, wires.status)
  assert.equal((await ann('PUT', `/networks/${network.id}`, { network: { shared: true } })).status, 403)
})

test('bindings are for administrators', async (t) => {
  const { admin, ann, port } = await start(t)
  const path = `/ports/${port.id}/bindings`
  assert.equal((await admin('POST', path, { binding: { host: 'h2' } })).status, 201)
  for (const [method, rest, rule, body] of [
    ['GET', '', 'get_port_binding'],
    ['GET', '/h2', 'get_port_binding'],
    ['POST', '', 'create_port_binding', { binding: { host: 'h3' } }],
    ['PUT', '/h2', 'update_port_binding', { binding: {} }],
    ['DELETE', '/h2', 'delete_port_binding'],
    ['PUT', '/h2/activate', 'activate'],
  ] as const) {
    const { status, body: answer } = await ann(method, path + rest, body)
    assert.deepEqual([status, answer.NeutronError.message], [403, `rule:${rule} is disallowed by policy`])
  }
})

test('a member makes nothing for another project; an administrator does', async (t) => {
  const { admin, ann, network } = await start(t)
  for (const owner of ['project_id', 'tenant_id']) {
    assert.equal((await ann('POST', '/networks', { network: { [owner]: 'other' } })).status, 403)
    assert.equal((await ann('POST', '/networks', { network: { [owner]: network.project_id } })).status, 201)
    assert.equal((await admin('POST', '/networks', { network: { [owner]: 'other' } })).body.network.project_id, 'other')
  }
})

test('an administrator sees and changes everything, and pages are cut from what one may see', async (t) => {
  const { admin, max, ...made } = await start(t)
  for (let index = 0; index < 3; index++) await max('POST', '/networks', { network: { name: `red-${index}` } })
  assert.equal((await admin('GET', '/networks')).body.networks.length, 4)
  const names = (await max('GET', '/networks?limit=2&sort_key=name')).body.networks.map(({ name }: any) => name)
  assert.deepEqual(names, ['red-0', 'red-1'])
  assert.equal((await admin('DELETE', `/ports/${made.port.id}`)).status, 204)
})

test('tags are set by those who may change the resource, and seen by those who see it', async (t) => {
  const made = await start(t)
  for (const [path] of things(made)) {
    assert.equal((await made.ann('PUT', `${path}/tags/red`)).status, 201)
    assert.deepEqual((await made.rob('GET', `${path}/tags`)).body, { tags: ['red'] })
    assert.equal((await made.rob('PUT', `${path}/tags/blue`)).status, 403)
    assert.equal((await made.rob('DELETE', `${path}/tags`)).status, 403)
    assert.equal((await made.max('GET', `${path}/tags`)).status, 404)
    assert.equal((await made.max('DELETE', `${path}/tags/red`)).status, 404)
  }
})

test('one request for several is judged by each of them', async (t) => {
  const { ann, max } = await start(t)
  assert.equal((await ann('POST', '/networks', { networks: [{}, { shared: true }] })).status, 403)
  assert.equal((await ann('POST', '/networks', { networks: [{}, { project_id: 'other' }] })).status, 403)
  assert.deepEqual((await max('GET', '/networks')).body.networks, [])
  assert.equal((await ann('GET', '/networks')).body.networks.length, 1)
})

test('how full networks are is for administrators: others see none', async (t) => {
  const { admin, ann, network } = await start(t)
  const path = '/network-ip-availabilities'
  assert.equal((await admin('GET', path)).body.network_ip_availabilities[0].used_ips, 1)
  assert.deepEqual((await ann('GET', path)).body, { network_ip_availabilities: [] })
  const { status, body } = await ann('GET', `${path}/${network.id}`)
  assert.deepEqual([status, body.NeutronError.type], [404, 'HTTPNotFound'])
})

test('address pairs are for the owner of the network and for administrators', async (t) => {
  const { admin, ann, max, network, port } = await start(t)
  await admin('PUT', `/networks/${network.id}`, { network: { shared: true } })
  const pairs = { allowed_address_pairs: [] }
  const { status, body } = await max('POST', '/ports', { port: { network_id: network.id, ...pairs } })
  assert.deepEqual([status, body.NeutronError.type], [403, 'PolicyNotAuthorized'])
  const own = (await max('POST', '/ports', { port: { network_id: network.id } })).body.port
  assert.equal((await max('PUT', `/ports/${own.id}`, { port: pairs })).status, 403)
  assert.equal((await admin('PUT', `/ports/${own.id}`, { port: pairs })).status, 200)
  assert.equal((await ann('PUT', `/ports/${port.id}`, { port: pairs })).status, 200)
})

test('a member sees and uses only the security groups of the own project', {
  skip: testBackend === 'ovn' ? false : 'this backend has no security groups',
}, async (t) => {
  const { admin, ann, max, network } = await start(t)
  const [own] = (await ann('GET', '/security-groups')).body.security_groups
  const [foreign] = (await max('GET', '/security-groups')).body.security_groups
  assert.notEqual(own.project_id, foreign.project_id)
  assert.equal((await ann('GET', `/security-groups/${foreign.id}`)).status, 404)
  const rule = { security_group_id: foreign.id, direction: 'ingress', protocol: 'tcp' }
  assert.equal((await ann('POST', '/security-group-rules', { security_group_rule: rule })).status, 404)
  const { port } = (await ann('POST', '/ports', { port: { network_id: network.id } })).body
  assert.deepEqual(port.security_groups, [own.id])
  const change = { port: { security_groups: [foreign.id] } }
  assert.equal((await ann('PUT', `/ports/${port.id}`, change)).body.NeutronError.type, 'SecurityGroupNotFound')
  assert.equal((await admin('PUT', `/ports/${port.id}`, change)).status, 200)
})
