// XML and JSON: the same resources, faults and actions in both, as the client asks for them.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startTestEngine } from '../testing/test-engine.ts'

/** Requests with just these headers. */
async function begin(t: TestContext) {
  const engine = await startTestEngine(t)
  await engine.ask('POST', '/datacenters', { name: 'dc' })
  return async (path: string, headers: Record<string, string> = {}, request: RequestInit = {}) => {
    const response = await fetch(`${engine.url}/ovirt-engine/api${path}`, { ...request, headers })
    const type = response.headers.get('content-type')?.split(';')[0] ?? ''
    return { status: response.status, type, text: await response.text(), headers: response.headers }
  }
}
const xml = { accept: 'application/xml', 'content-type': 'application/xml' }

test('who does not say JSON gets XML', async (t) => {
  const get = await begin(t)
  const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
  for (const accept of ['application/xml', '*/*', 'text/plain', browser, 'application/json;q=0.5, application/xml']) {
    const { type, text } = await get('/datacenters', { accept })
    assert.equal(type, 'application/xml', accept)
    assert.match(text, /^<\?xml .*\?>\n<data_centers><data_center href="\S+" id="\S+"><name>dc<\/name>/, accept)
  }
  for (const accept of [
    'application/json',
    'APPLICATION/JSON',
    'application/xml;q=0.5, application/json',
    'application/json, */*',
  ]) {
    const { type, text } = await get('/datacenters', { accept })
    assert.equal(type, 'application/json', accept)
    assert.equal(JSON.parse(text).data_center[0].name, 'dc')
  }
  assert.equal(
    (await get('/datacenters?accept=application/json', { accept: 'application/xml' })).type,
    'application/json',
  )
})

test('a resource is made, edited and removed in XML', async (t) => {
  const send = await begin(t)
  const body = '<cluster><name>c</name><data_center><name>dc</name></data_center></cluster>'
  const made = await send('/clusters', xml, { method: 'POST', body })
  assert.equal(made.status, 201)
  const [, href] = /^<\?xml .*\?>\n<cluster href="([^"]+)" id="/.exec(made.text) ?? []
  assert.equal(made.headers.get('location'), href)
  const removed = await send(href!.replace('/ovirt-engine/api', ''), xml, { method: 'DELETE' })
  assert.match(removed.text, /<action><status>complete<\/status><\/action>/)
})

test('faults and failed actions are XML too', async (t) => {
  const send = await begin(t)
  const missing = await send('/vms/x', xml)
  assert.equal(missing.status, 404)
  assert.match(
    missing.text,
    /<fault><reason>Operation Failed<\/reason><detail>\[VM x does not exist\.\]<\/detail><\/fault>/,
  )
  const action = await send('/vms/x/start', xml, { method: 'POST', body: '<action/>' })
  assert.match(action.text, /<action><status>failed<\/status><fault><reason>/)
  assert.match((await send('/nothing', xml)).text, /<fault><reason>Not Found<\/reason>/)
  assert.match((await send('', xml)).text, /<api><link rel="\w+" href="/)
})

test('XML that cannot be used is a fault, and nothing is done', async (t) => {
  const send = await begin(t)
  const bodies = [
    '<data_center>',
    'name=x',
    '<!DOCTYPE d [<!ENTITY x "y">]><data_center><name>&x;</name></data_center>',
  ]
  for (const body of bodies) {
    const { status, text } = await send('/datacenters', xml, { method: 'POST', body })
    assert.equal(status, 400, body)
    assert.match(text, /<reason>Invalid value<\/reason><detail>The body is not usable XML: /)
  }
  const long = `<data_center><name>${'x'.repeat(300_000)}</name></data_center>`
  assert.equal((await send('/datacenters', xml, { method: 'POST', body: long })).status, 413)
  assert.equal(JSON.parse((await send('/datacenters', { accept: 'application/json' })).text).data_center.length, 1)
})

test('version 4 may be named in the path or the header; there is no other', async (t) => {
  const get = await begin(t)
  const json = { accept: 'application/json' }
  assert.equal(JSON.parse((await get('/v4/datacenters', json)).text).data_center[0].name, 'dc')
  assert.equal((await get('/v4', json)).status, 200)
  assert.equal((await get('/datacenters', { ...json, version: '4' })).status, 200)
  const { status, text } = await get('/datacenters', { ...json, version: '3' })
  assert.equal(status, 400)
  assert.match(text, /Version 3 of the API does not exist/)
  assert.equal((await get('/v3/datacenters', json)).status, 400)
})

test('parameters may be of the matrix kind', async (t) => {
  const get = await begin(t)
  const json = { accept: 'application/json' }
  assert.deepEqual(JSON.parse((await get('/datacenters;max=0', json)).text), {})
  assert.deepEqual(JSON.parse((await get('/datacenters;search=name=x;max=5', json)).text), {})
  assert.equal((await get('/datacenters;search=name=d*', json)).status, 200)
})
