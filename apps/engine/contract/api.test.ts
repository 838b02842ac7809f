// The API as such: who may use it, what it makes of requests that cannot be read, and what every answer has.
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { connect } from 'node:net'
import { test } from 'node:test'
import { type Response, startTestEngine } from '../testing/test-engine.ts'

const administrator = { name: 'admin@internal', password: 'p:ä ss' }
const basic = (name: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
})

/** oVirt's fault: a reason and a detail, and nothing of the inside. */
function isFault({ status, body, text }: Response, expectedStatus: number, reason: string, detail: RegExp): void {
  assert.deepEqual([status, body?.reason], [expectedStatus, reason], text)
  assert.match(body.detail, detail)
  assert.deepEqual(Object.keys(body).sort(), ['detail', 'reason'])
  assert.doesNotMatch(text, /\bat .*\.ts|node:|node_modules|SQLITE/, 'a stack trace')
}

test('without credentials, or with wrong ones, the answer is 401 and says how to log in', async (t) => {
  const { send } = await startTestEngine(t, { administrator })
  for (const headers of [
    {},
    basic('admin@internal', 'wrong'),
    basic('admin', 'p:ä ss'),
    basic('', ''),
    { authorization: 'Basic' },
    { authorization: 'Basic !!!' },
    { authorization: 'Bearer token' },
    { authorization: `Basic ${'A'.repeat(10_000)}` },
  ]) {
    const response = await send('GET', '/vms', undefined, headers as Record<string, string>)
    isFault(response, 401, 'Operation Failed', /A token \(Bearer\) or user name and password/)
    assert.equal(response.headers.get('www-authenticate'), 'Basic realm="RESTAPI"')
  }
  assert.equal((await send('GET', '/vms', undefined, basic('admin@internal', 'p:ä ss'))).status, 200)
})

test("the CA's certificate is had without a log-in, at oVirt's place, and nothing else is", async (t) => {
  const { url, send } = await startTestEngine(t, { administrator })
  const place = '/ovirt-engine/services/pki-resource'
  for (const query of ['resource=ca-certificate&format=X509-PEM-CA', 'resource=ca-certificate']) {
    const answer = await fetch(`${url}${place}?${query}`)
    assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'application/x-x509-ca-cert'])
    assert.ok(new X509Certificate(await answer.text()).ca)
  }
  for (const query of ['', 'resource=engine-key', 'resource=ca-certificate&format=PKCS12'])
    assert.equal((await fetch(`${url}${place}?${query}`)).status, 400, query)
  assert.equal((await send('GET', '/vms')).status, 401)
})

test('no way of writing a path leads past the password', async (t) => {
  const { url } = await startTestEngine(t, { administrator })
  for (const path of [
    '/ovirt-engine/api',
    '/ovirt-engine/api/',
    '//ovirt-engine/api/vms',
    '/ovirt-engine//api/vms',
    '/ovirt%2Dengine/api/vms',
    '/ovirt-engine/%61pi/vms',
    '/%6Fvirt-engine/api/vms',
    '/ovirt-engine/api/vms/',
    '/ovirt-engine/api/vms?x=/healthz',
    '/ovirt-engine/api;v=4/vms',
    'http://elsewhere/ovirt-engine/api/vms',
    'http://elsewhere//ovirt-engine/api/vms',
  ]) {
    const status = await rawStatus(url, path)
    assert.ok(status === 401 || status === 404, `${path}: ${status}`)
  }
  assert.equal(await rawStatus(url, 'http://elsewhere/ovirt-engine/api/vms'), 401)
})

test('health and metrics need no password', async (t) => {
  const { url } = await startTestEngine(t, { administrator })
  for (const path of ['/healthz', '/readyz', '/metrics']) assert.equal((await fetch(url + path)).status, 200, path)
})

test('a body that is no JSON, or has another type, is a fault', async (t) => {
  const { send } = await startTestEngine(t)
  for (const body of ['{', '{"name": }', 'name=x', '\u0000', '{"name": "x"} x'])
    isFault(await send('POST', '/datacenters', body), 400, 'Invalid request', /JSON/)
  isFault(await send('POST', '/datacenters', ''), 400, 'Invalid value', /must be an object/)
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'nonsense'])
    isFault(await send('POST', '/datacenters', '{"name":"x"}', { 'content-type': type }), 415, 'Invalid request', /./)
  assert.deepEqual((await send('GET', '/datacenters')).body, {})
})

test('a body that is not an object, or has wrong values, is a fault that names the element', async (t) => {
  const { send } = await startTestEngine(t)
  for (const body of ['[]', '"x"', '7', 'null'])
    isFault(
      await send('POST', '/datacenters', body),
      400,
      'Invalid value',
      /The element "data_center" must be an object/,
    )
  isFault(await send('POST', '/vms', { memory: 'much' }), 400, 'Invalid value', /"vm.memory" must be a whole number/)
  isFault(await send('POST', '/vms'), 400, 'Invalid value', /"vm" must be an object/)
})

test('what is missing is told in the words of the real engine', async (t) => {
  const { send } = await startTestEngine(t)
  const response = await send('POST', '/datacenters', {})
  isFault(response, 400, 'Incomplete parameters', /^DataCenter \[name\] required for add$/)
})

test('a body beyond the limit is refused', async (t) => {
  const { send } = await startTestEngine(t)
  isFault(await send('POST', '/datacenters', { name: 'x'.repeat(2 ** 20) }), 413, 'Invalid request', /large/)
})

test('what is not there is a fault with 404', async (t) => {
  const { send } = await startTestEngine(t)
  for (const [method, path] of [
    ['GET', '/nothing'],
    ['GET', '/vms/x/y/z'],
    ['PATCH', '/nothing'],
  ] as const)
    isFault(await send(method, path), 404, 'Not Found', new RegExp(`There is nothing at ${method}`))
  for (const path of [
    '/vms/x',
    '/hosts/x',
    '/networks/x',
    '/networks/x/vnicprofiles',
    '/vnicprofiles/x',
    '/clusters/x',
    '/clusters/x/networks',
    '/datacenters/x',
    '/vms/x/nics',
    '/vms/x/nics/y',
    '/openstacknetworkproviders/x',
    '/openstacknetworkproviders/x/networks',
    '/openstacknetworkproviders/x/networks/y/subnets',
    "/vms/'%20or%201=1--",
    '/vms/%F0%9F%92%A3',
    '/vms/..%2F..%2Fetc',
  ])
    isFault(await send('GET', path), 404, 'Operation Failed', /^\[.* does not exist\.\]$/)
})

test('a method that a path does not have is a fault with 405, which says what it has', async (t) => {
  const { send } = await startTestEngine(t)
  for (const [method, path, allowed] of [
    ['DELETE', '/vms', 'GET, POST'],
    ['PUT', '/events/x', 'GET'],
    ['PATCH', '/vms/', 'GET, POST'],
    ['POST', '/v4/vms/x', 'GET, PUT, DELETE'],
    ['GET', '/vms/x/start', 'POST'],
  ] as const) {
    const answer = await send(method, path)
    isFault(answer, 405, 'Method Not Allowed', new RegExp(`has no ${method}, but ${allowed}\\.$`))
    assert.equal(answer.headers.get('allow'), allowed)
  }
  const { status, headers, text } = await send('OPTIONS', '/vms')
  assert.deepEqual([status, headers.get('allow'), text], [200, 'GET, POST', ''])
})

test('a path that cannot be read is a fault', async (t) => {
  const { url, send } = await startTestEngine(t)
  for (const path of ['/ovirt-engine/api/vms/%zz', '/ovirt-engine/api/vms/%C3%28']) {
    const answer = await raw(url, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
    assert.match(answer, /^HTTP\/1.1 400 .*\{"reason":"Invalid request","detail":"The path cannot be read\."\}$/s)
  }
  isFault(await send('GET', `/vms/${'x'.repeat(600)}`), 414, 'Invalid request', /path cannot be read/)
})

test('what is no HTTP is answered with a fault, and the connection ends', async (t) => {
  const { url } = await startTestEngine(t)
  for (const bytes of ['hello\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', `GET / HTTP/1.1\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`])
    assert.match(await raw(url, bytes), /^HTTP\/1.1 4\d\d .*\{"reason":"Invalid request"/s)
})

test('the root says what product this is and where the collections are', async (t) => {
  const { ask, send } = await startTestEngine(t)
  const root = await ask('GET', '')
  assert.equal(root.product_info.version.major, '4')
  assert.deepEqual(root.summary, { vms: { active: '0', total: '0' }, hosts: { active: '0', total: '0' } })
  for (const { href } of root.link)
    assert.equal((await send('GET', href.slice('/ovirt-engine/api'.length))).status, 200, href)
})

test('the correlation id comes from the header or the query, is cleaned, and goes into answers and events', async (t) => {
  const { send, list } = await startTestEngine(t)
  const echoed = async (path: string, headers: Record<string, string> = {}) =>
    (await send('GET', path, undefined, headers)).headers.get('correlation-id')
  assert.equal(await echoed('/vms', { 'correlation-id': 'flow-1_A' }), 'flow-1_A')
  assert.equal(await echoed('/vms?correlation_id=flow-2'), 'flow-2')
  assert.equal(await echoed('/vms?correlation_id=query', { 'correlation-id': 'header' }), 'header')
  assert.equal(await echoed('/vms', { 'correlation-id': `a b/c"${'x'.repeat(50)}` }), `abc${'x'.repeat(33)}`)
  assert.match((await echoed('/vms'))!, /^[0-9a-f-]{36}$/, 'made up where there is none')
  assert.equal(
    (await send('GET', '/nothing', undefined, { 'correlation-id': 'lost' })).headers.get('correlation-id'),
    'lost',
  )

  const provider = { name: 'sdn', type: 'external', url: 'http://127.0.0.1:1' }
  await send('POST', '/openstacknetworkproviders', provider, { 'correlation-id': 'flow-3' })
  const [event] = await list('/events')
  assert.deepEqual([event.code, event.correlation_id], ['205', 'flow-3'])
})

/** Status of a GET whose request line has exactly this target. */
async function rawStatus(url: string, target: string): Promise<number> {
  const answer = await raw(url, `GET ${target} HTTP/1.1\r\nHost: engine\r\nConnection: close\r\n\r\n`)
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])
}

function raw(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    socket.setTimeout(5_000, () => socket.destroy(new Error(`no end of the answer: ${answer}`)))
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      answer += chunk
    })
    socket.on('error', reject).on('close', () => resolve(answer))
  })
}
