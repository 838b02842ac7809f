// What a real oVirt engine sends, byte for byte (fixtures/engine-requests), and what it can read of the answers.
// Then the paths and the token header of the feature document, where they differ from the real engine.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { type TestContext, test } from 'node:test'
import { startTestProvider, testBackend } from '../testing/test-provider.ts'

const nic = '5cc10431-0b25-41bd-941c-3a1aed8edd87'
const mac = '00:1a:4a:16:01:59'
const administrator = { name: 'admin@internal', password: 'secret' }

interface Answer {
  readonly status: number
  readonly body: any
}

interface EngineRequest {
  readonly method: string
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: string
}

/** A request as the engine writes it; `{{network}}` stands for an id. */
function fixture(name: string, ids: Record<string, string>): EngineRequest {
  const file = readFileSync(new URL(`fixtures/engine-requests/${name}.http`, import.meta.url), 'utf8')
  const text = file.replace(/\{\{(\w+)\}\}/g, (_, key) => ids[key] ?? assert.fail(`${name} needs the id of a ${key}`))
  const [head = '', ...rest] = text.split('\n\n')
  const [line = '', ...headers] = head.trim().split('\n')
  const [method = '', path = ''] = line.split(' ')
  return {
    method,
    path,
    headers: Object.fromEntries(headers.map((header) => header.split(': ') as [string, string])),
    body: rest.join('\n\n').trimEnd(),
  }
}

/** One request on a connection of its own, its path untouched. A status outside the engine's four is its error. */
function send(url: string, { method, path, headers, body }: EngineRequest): Promise<Answer> {
  const { hostname, port } = new URL(url)
  const length = body === '' ? undefined : { 'content-length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: hostname, port, method, path, headers: { ...headers, ...length }, agent: false })
    outgoing.on('error', reject).on('response', async (response) => {
      let text = ''
      for await (const chunk of response) text += chunk
      resolve({ status: response.statusCode!, body: text === '' ? undefined : JSON.parse(text) })
    })
    outgoing.end(body === '' ? undefined : body)
  })
}

/** What the engine concatenates: the provider's URL, with or without its slash, and `/v2.0/…`. */
function engineOf(
  url: string,
  { slash = '', headers = {} }: { slash?: string; headers?: Record<string, string> } = {},
) {
  const ids: Record<string, string> = { nic }
  const call = (name: string) => {
    const wanted = fixture(name, ids)
    return send(url, { ...wanted, path: slash + wanted.path, headers: { ...wanted.headers, ...headers } })
  }
  const succeed = async (name: string) => {
    const { status, body } = await call(name)
    assert.ok([200, 201, 202, 204].includes(status), `${name}: ${status} ${JSON.stringify(body)}`)
    return body
  }
  /** The engine's reader of a single entity knows exactly one root key. */
  const single = async (name: string, root: string) => {
    const body = await succeed(name)
    assert.deepEqual(Object.keys(body), [root], name)
    if (typeof body[root].id === 'string') ids[root] = body[root].id
    return body[root]
  }
  /** How the engine finds a NIC's port: it lists all and takes the first of its own. */
  const locatePort = async () =>
    ((await succeed('list-ports')).ports as any[]).find(
      (port) => port.device_owner === 'oVirt' && port.device_id === nic,
    )
  return { ids, call, succeed, single, locatePort }
}

for (const slash of ['', '/'])
  test(`a network, its subnet and a NIC live their life with the provider's URL written "http://host:9696${slash}"`, async (t) => {
    const { url } = await startTestProvider(t)
    const { call, succeed, single, locatePort } = engineOf(url, { slash })
    const answer = await succeed('test-connectivity')
    assert.ok(typeof answer === 'object' && answer !== null && !Array.isArray(answer))

    const network = await single('create-network', 'network')
    assert.deepEqual([network.name, network.tenant_id], ['red', 'oVirt'])
    assert.deepEqual((await succeed('list-networks')).networks, [network])
    assert.deepEqual(await single('get-network', 'network'), network)

    const subnet = await single('create-subnet', 'subnet')
    const listed = (await succeed('list-subnets')).subnets
    assert.deepEqual(listed, [subnet])
    const { cidr, ip_version, name, gateway_ip, dns_nameservers, network_id } = listed[0]
    assert.deepEqual(
      { cidr, ip_version, name, gateway_ip, dns_nameservers, network_id },
      {
        cidr: '10.0.0.0/24',
        ip_version: 4,
        name: 'red-v4',
        gateway_ip: '10.0.0.1',
        dns_nameservers: [],
        network_id: network.id,
      },
    )

    assert.equal(await locatePort(), undefined)
    const port = await single('create-port', 'port')
    assert.deepEqual(await locatePort(), port)
    assert.deepEqual([port['binding:host_id'], port.mac_address], ['host-1.example', mac])

    const defaults = (await single('update-port-security-groups-to-default', 'port')).security_groups
    assert.equal(defaults.length, testBackend === 'ovn' ? 1 : 0, 'the default group, where there are groups')
    assert.deepEqual((await single('update-port-security-groups-to-none', 'port')).security_groups, [])
    assert.equal((await single('update-port-host', 'port'))['binding:host_id'], 'host-2.example')
    assert.equal((await single('update-port-host', 'port'))['binding:host_id'], 'host-2.example', 'and once more')
    const last = await single('update-port-host-and-security-groups', 'port')
    const moved = await locatePort()
    assert.deepEqual(moved, last)
    assert.deepEqual(
      [moved.id, moved['binding:host_id'], moved.mac_address, moved.fixed_ips, moved.security_groups],
      [port.id, 'host-3.example', mac, port.fixed_ips, defaults],
    )

    assert.equal((await call('delete-network')).status, 409)
    assert.equal((await call('delete-subnet')).status, 409)
    for (const name of ['delete-port', 'delete-subnet', 'delete-network']) assert.equal(await succeed(name), undefined)
    assert.equal(await locatePort(), undefined)
    assert.equal((await call('get-network')).status, 404)
  })

test('a port may come with an empty list of security groups', async (t) => {
  const { single } = engineOf((await startTestProvider(t)).url)
  await single('create-network', 'network')
  assert.deepEqual((await single('create-port-without-security-groups', 'port')).security_groups, [])
})

test('a network keeps the MTU and the port security that the engine chose', async (t) => {
  const { single } = engineOf((await startTestProvider(t)).url)
  const { mtu, port_security_enabled } = await single('create-network-with-mtu', 'network')
  assert.deepEqual([mtu, port_security_enabled], [1400, false])
})

test('a network on a physical network is refused by a backend without any, and nothing is made', {
  skip: testBackend === 'embedded' ? false : 'this backend has physical networks',
}, async (t) => {
  const { call, succeed } = engineOf((await startTestProvider(t)).url)
  assert.equal((await call('create-network-on-physical-network')).status, 400)
  assert.deepEqual(await succeed('list-networks'), { networks: [] })
})

test('the engine can read every value of every list', async (t) => {
  const { url, send: ask } = await startTestProvider(t)
  const { single, succeed } = engineOf(url)
  await single('create-network', 'network')
  await single('create-subnet', 'subnet')
  const { id } = await single('create-port', 'port')
  await ask('PUT', `/ports/${id}`, { port: { 'binding:profile': { tag: 'a', weight: 5, trusted: true } } })
  const isFlat = (value: unknown) =>
    Object.values(value as object).every((inner) => typeof inner !== 'object' || inner === null)
  const [network] = (await succeed('list-networks')).networks
  assert.ok(Number.isInteger(network.mtu))
  assert.deepEqual([typeof network.shared, typeof network['router:external']], ['boolean', 'boolean'])
  const [subnet] = (await succeed('list-subnets')).subnets
  assert.ok([4, 6].includes(subnet.ip_version))
  assert.ok(subnet.host_routes === undefined || subnet.host_routes === null || subnet.host_routes.length === 0)
  const [port] = (await succeed('list-ports')).ports
  for (const map of ['binding:profile', 'binding:vif_details']) assert.ok(isFlat(port[map] ?? {}), map)
  assert.ok(Array.isArray(port.security_groups) && Array.isArray(port.fixed_ips))
})

async function startGuarded(t: TestContext) {
  const { url, identityUrl } = await startTestProvider(t, { administrator })
  return { url, identity: new URL(identityUrl!).origin }
}

for (const authPath of ['/v2.0/tokens', '/v2.0//tokens'])
  for (const login of ['log-in', 'log-in-with-tenant'])
    test(`the engine logs in at ${authPath} (${login}) and works with the token`, async (t) => {
      const { url, identity } = await startGuarded(t)
      const { status, body } = await send(identity, { ...fixture(login, {}), path: authPath })
      assert.deepEqual([status, Object.keys(body)], [200, ['access']])
      for (const date of [body.access.token.expires, body.access.token.issued_at])
        assert.match(date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
      const engine = engineOf(url, { headers: { 'X-Auth-Token': body.access.token.id } })
      await engine.succeed('test-connectivity')
      await engine.single('create-network', 'network')
      await engine.succeed('delete-network')
    })

test('without its token the engine gets 401, upon which it logs in anew', async (t) => {
  const { url } = await startGuarded(t)
  for (const headers of [{}, { 'X-Auth-Token': 'expired' }] as Record<string, string>[])
    for (const name of ['test-connectivity', 'list-ports', 'create-network'])
      assert.equal((await engineOf(url, { headers }).call(name)).status, 401)
})

test('the paths and the token header of the feature document work too', async (t) => {
  const { url, identity } = await startGuarded(t)
  const login = await send(identity, {
    ...fixture('log-in', {}),
    body: JSON.stringify({ auth: { passwordCredentials: { username: 'admin@internal', password: 'secret' } } }),
  })
  // The document sends both headers with every request, also without a body.
  const headers = { 'Content-Type': 'application/json', 'x-openstack-request-id': login.body.access.token.id }
  const ask = async (method: string, path: string, body?: object) => {
    const { status, body: answer } = await send(url, {
      method,
      path: `/v2.0${path}`,
      headers,
      body: body ? JSON.stringify(body) : '',
    })
    assert.ok(status < 300, `${method} ${path}: ${status} ${JSON.stringify(answer)}`)
    return answer
  }
  await ask('GET', '/')
  const { network } = await ask('POST', '/networks', { network: { name: 'public' } })
  assert.deepEqual(await ask('GET', `/network/${network.id}`), { network })
  assert.deepEqual(await ask('GET', '/networks'), { networks: [network] })
  const { subnet } = await ask('POST', '/subnets', {
    subnet: { network_id: network.id, ip_version: 4, cidr: '10.0.0.0/24' },
  })
  assert.deepEqual(await ask('GET', '/subnets'), { subnets: [subnet] })
  // Every attribute of the document's example of a subnet.
  for (const name of 'name enable_dhcp network_id dns_nameservers gateway_ip ipv6_ra_mode allocation_pools host_routes ip_version ipv6_address_mode cidr id'.split(
    ' ',
  ))
    assert.ok(name in subnet, name)
  const { port } = await ask('POST', '/ports', {
    port: { name: 'nic5', device_owner: 'oVirt', device_id: nic, network_id: network.id, mac_address: mac },
  })
  for (const name of 'status name device_owner id network_id device_id mac_address'.split(' '))
    assert.ok(name in port, name)
  assert.equal(port.status, 'DOWN')
  assert.deepEqual(await ask('GET', '/ports'), { ports: [port] })
  assert.deepEqual(await ask('GET', `/ports/${port.id}`), { port })
  const { port: updated } = await ask('POST', `/ports/${port.id}`, { port: { 'binding:host_id': 'host-2' } })
  assert.deepEqual([updated.id, updated['binding:host_id']], [port.id, 'host-2'])
  await ask('DELETE', `/ports/${port.id}`)
  await ask('DELETE', `/subnets/${subnet.id}`)
  await ask('DELETE', `/networks/${network.id}`)
})
