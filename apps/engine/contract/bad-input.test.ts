// Requests that make no sense, on every route of the API: each is answered with a fault of oVirt's, and nothing changes.
import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { type TestContext, test } from 'node:test'
import { everyType } from '@patchbay/ovirt-api/types/every-type.ts'
import type { FastifyInstance } from 'fastify'
import { startTestProvider } from '../../provider/testing/test-provider.ts'
import { setScene, startTestEngine, type TestEngine } from '../testing/test-engine.ts'

const root = '/ovirt-engine/api'
const collections = ['datacenters', 'clusters', 'hosts', 'networks', 'vnicprofiles', 'vms', 'openstacknetworkproviders']

interface BadBody {
  readonly what: string
  readonly type: string
  readonly body: string
}

const json = 'application/json'
const xml = 'application/xml'
const nested = (depth: number, open: string, close: string) => open.repeat(depth) + close.repeat(depth)
const bomb = `<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "${'&a;'.repeat(50)}"><!ENTITY c "${'&b;'.repeat(50)}">]><b>&c;</b>`

const badBodies: readonly BadBody[] = [
  { what: 'JSON that ends too early', type: json, body: '{"name":' },
  { what: 'a list', type: json, body: '[]' },
  { what: 'a text', type: json, body: '"name"' },
  { what: 'JSON that is nested deeply', type: json, body: nested(50_000, '[', ']') },
  { what: 'a prototype', type: json, body: '{"__proto__": {"name": "x"}}' },
  { what: 'JSON as XML', type: xml, body: '{"name": "x"}' },
  { what: 'XML that ends too early', type: xml, body: '<vm><name>x</name>' },
  { what: 'two roots', type: xml, body: '<vm/><vm/>' },
  { what: 'XML that is nested deeply', type: xml, body: nested(10_000, '<a>', '</a>') },
  { what: 'an XML bomb', type: xml, body: bomb },
  { what: 'a file by an entity', type: xml, body: '<!DOCTYPE v [<!ENTITY x SYSTEM "file:///etc/passwd">]><v>&x;</v>' },
  { what: 'XML of many tags', type: xml, body: '<'.repeat(200_000) },
  { what: 'too much XML', type: xml, body: `<vm><name>${'x'.repeat(300_000)}</name></vm>` },
  { what: 'too much JSON', type: json, body: `{"name": "${'x'.repeat(1_100_000)}"}` },
  { what: 'another type', type: 'text/plain', body: 'name=x' },
  { what: 'a form', type: 'application/x-www-form-urlencoded', body: 'name=x' },
  { what: 'no type at all', type: 'nonsense', body: '{}' },
]

/** Every element that any type has, each of a kind that none of them is. */
const nonsense = Object.fromEntries(
  everyType.flatMap(({ fields }) => Object.keys(fields).map((name) => [name, [[[]]]])),
)

/** Starts an engine with one of most things; answers its routes too. */
async function begin(t: TestContext) {
  const routes: { method: string; path: string }[] = []
  const listen = (message: unknown) =>
    (message as { fastify: FastifyInstance }).fastify.addHook('onRoute', ({ method, url }) => {
      for (const each of [method].flat())
        if (url.startsWith(root)) routes.push({ method: each, path: url.slice(root.length) })
    })
  const provider = await startTestProvider(t)
  subscribe('fastify.initialization', listen)
  t.after(() => unsubscribe('fastify.initialization', listen))
  const engine = await startTestEngine(t)
  const scene = await setScene(engine, provider)
  const vm = await engine.ask('POST', '/vms', { name: 'vm', cluster: { id: scene.clusterId } })
  const nic = await engine.ask('POST', `/vms/${vm.id}/nics`, { name: 'nic', vnic_profile: { id: scene.profileId } })
  const ids: Readonly<Record<string, string>> = {
    '/datacenters/:': scene.dataCenterId,
    '/clusters/:': scene.clusterId,
    '/networks/:': scene.networkId,
    '/vnicprofiles/:': scene.profileId,
    '/openstacknetworkproviders/:': scene.providerId,
    '/vms/:': vm.id,
    '/nics/:': nic.id,
  }
  const real = (path: string) =>
    path.replaceAll(/(\/\w+\/):\w+/g, (whole, before: string) => `${before}${ids[`${before}:`] ?? whole}`)
  const unreal = (path: string) => path.replaceAll(/:\w+/g, 'x')
  return { engine, routes, real: (path: string) => unreal(real(path)), unreal }
}

/** All that is kept. */
async function stateOf(engine: TestEngine): Promise<unknown[]> {
  const kept = collections.map((collection) => engine.send('GET', `/${collection}?follow=${follow[collection] ?? ''}`))
  return (await Promise.all(kept)).map(({ body }) => body)
}
const follow: Readonly<Record<string, string>> = { vms: 'nics', clusters: 'networks' }

/** A fault, or the failed action that oVirt makes of it. */
function checkFault(what: string, { status, body, text }: Awaited<ReturnType<TestEngine['send']>>): void {
  assert.ok(status >= 400 && status < 500, `${what}: ${status} ${text.slice(0, 300)}`)
  const fault = body?.fault ?? body
  assert.ok(fault?.reason && fault.detail, `${what}: ${text.slice(0, 300)}`)
  assert.doesNotMatch(text, /\bat .*\.ts|node:|node_modules|SQLITE|root:/, what)
}

test('bodies that cannot be read', async (t) => {
  const { engine, routes, real } = await begin(t)
  const before = await stateOf(engine)
  for (const { method, path } of routes.filter((route) => ['POST', 'PUT'].includes(route.method)))
    for (const { what, type, body } of badBodies.filter((each) => mustRefuse(path, each)))
      checkFault(
        `${method} ${path} with ${what}`,
        await engine.send(method, real(path), body, { 'content-type': type, accept: json }),
      )
  assert.deepEqual(await stateOf(engine), before)
})

/** Actions do not look at a body they have no use for, as long as it can be read. */
function mustRefuse(path: string, { what }: BadBody): boolean {
  const isAction =
    /:\w+\/[a-z]+$|(testconnectivity|certificates)$/.test(path) && !/\/(nics|networks|subnets)$/.test(path)
  return !isAction || !['a list', 'a text', 'JSON that is nested deeply', 'a prototype'].includes(what)
}

test('elements of the wrong kind, and resources that are not there', async (t) => {
  const { engine, routes, real, unreal } = await begin(t)
  const before = await stateOf(engine)
  const hasTypedBody = ({ method, path }: (typeof routes)[number]) =>
    (method === 'PUT' || method === 'POST') && !/:\w+\/[a-z]+$/.test(path) && !/certificates|testconn|upload/.test(path)
  for (const route of routes.filter(hasTypedBody))
    checkFault(`${route.method} ${route.path}`, await engine.send(route.method, real(route.path), nonsense))
  for (const { method, path } of routes.filter(({ method, path }) => method !== 'HEAD' && path.includes(':')))
    for (const id of ['x', '..%2F..%2Fetc', "'%20or%201=1--", '%F0%9F%92%A3', '0'.repeat(400)]) {
      const response = await engine.send(
        method,
        unreal(path).replaceAll('/x', `/${id}`),
        method === 'GET' ? undefined : {},
      )
      checkFault(`${method} ${path} of ${id}`, response)
    }
  assert.deepEqual(await stateOf(engine), before)
})

test('parameters that make no sense', async (t) => {
  const { engine, routes, real } = await begin(t)
  const lists = routes.filter(({ method, path }) => method === 'GET' && /\/[a-z]+$/.test(path))
  for (const { path } of lists.filter(({ path }) => collections.includes(path.slice(1))))
    for (const query of [
      'max=-2',
      'max=x',
      'max=1e9',
      'search=(',
      'search=%00%3D1',
      'search=nothing%3D1',
      'follow=nothing',
    ]) {
      checkFault(`${path}?${query}`, await engine.send('GET', `${real(path)}?${query}`))
      const matrix = query.replace('=', '%3D')
      assert.ok((await engine.send('GET', `${real(path)};${matrix}`)).status < 500)
    }
  for (const version of ['3', '5', 'x', '4.4'])
    checkFault(`version ${version}`, await engine.send('GET', '/vms', undefined, { version }))
})
