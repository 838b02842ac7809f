// What a client of a provider asks for resources, and what it makes of the answers.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bodyOf, clientOf, json, serve } from '../testing/served.ts'

test('a resource goes out under its own name and comes back without it', async (t) => {
  const seen: unknown[] = []
  const url = await serve(t, async (request, response) => {
    seen.push([
      request.method,
      request.url,
      request.headers.accept,
      request.headers['content-type'],
      await bodyOf(request),
    ])
    if (request.method === 'DELETE') return void json(response, request.url!.endsWith('gone') ? 404 : 204)
    json(response, request.method === 'POST' ? 201 : 200, { port: { id: 'p' } })
  })
  const { ports } = clientOf(t, `${url}/`)
  assert.deepEqual(await ports.create({ name: 'nic1' }), { id: 'p' })
  assert.deepEqual(await ports.update('p', { 'binding:host_id': 'h' }), { id: 'p' })
  assert.deepEqual(await ports.get('p'), { id: 'p' })
  assert.deepEqual([await ports.remove('p'), await ports.remove('gone')], [true, false])
  const type = 'application/json'
  assert.deepEqual(seen, [
    ['POST', '/v2.0/ports', type, type, { port: { name: 'nic1' } }],
    ['PUT', '/v2.0/ports/p', type, type, { port: { 'binding:host_id': 'h' } }],
    ['GET', '/v2.0/ports/p', type, undefined, undefined],
    ['DELETE', '/v2.0/ports/p', type, undefined, undefined],
    ['DELETE', '/v2.0/ports/gone', type, undefined, undefined],
  ])
})

test('a provider that answers nothing to an update did it all the same', async (t) => {
  for (const status of [204, 200]) {
    const url = await serve(t, (_request, response) => json(response, status))
    const { ports } = clientOf(t, url)
    assert.deepEqual(await ports.update('p', { 'binding:host_id': 'h' }), { id: 'p', 'binding:host_id': 'h' })
    await assert.rejects(ports.create({ name: 'nic1' }), { name: 'ProviderError', failure: 'malformed' })
  }
})

test('an id is one segment of the path, whatever is in it', async (t) => {
  const paths: (string | undefined)[] = []
  const url = await serve(t, (request, response) => json(response, 404, paths.push(request.url)))
  const { ports } = clientOf(t, url)
  for (const id of ['a/b', 'a?b', 'a#b', '%2e', 'a b', 'ž', '../networks', 'a%00']) await ports.remove(id)
  assert.deepEqual(paths, [
    '/v2.0/ports/a%2Fb',
    '/v2.0/ports/a%3Fb',
    '/v2.0/ports/a%23b',
    '/v2.0/ports/%252e',
    '/v2.0/ports/a%20b',
    '/v2.0/ports/%C5%BE',
    '/v2.0/ports/..%2Fnetworks',
    '/v2.0/ports/a%2500',
  ])
})

test('an id that cannot be a segment of a path is one that no resource has, and no request is made', async (t) => {
  let requests = 0
  const url = await serve(t, (_, response) => json(response, 200, { requests: ++requests }))
  const { ports } = clientOf(t, url)
  for (const id of ['', '.', '..']) {
    assert.equal(await ports.remove(id), false)
    await assert.rejects(ports.get(id), { name: 'ProviderError', status: 404 })
  }
  assert.equal(requests, 0)
})

test('a list is filtered, also by a provider that ignores filters', async (t) => {
  const ports = [
    {
      id: 'a',
      name: 'p1',
      admin_state_up: true,
      mac_address: '02:19:34:ab:cd:ef',
      fixed_ips: [{ subnet_id: 's', ip_address: '10.0.0.9' }],
    },
    { id: 'b', name: 'p2', admin_state_up: false, mac_address: '02:19:34:00:00:01', fixed_ips: [] },
    { id: 'c' },
  ]
  const urls: (string | undefined)[] = []
  const url = await serve(t, (request, response) => json(response, 200, { ports, seen: urls.push(request.url) }))
  const client = clientOf(t, url)
  const ids = async (filters: Parameters<typeof client.ports.list>[0]) =>
    (await client.ports.list(filters)).map(({ id }) => id)
  assert.deepEqual(await ids({}), ['a', 'b', 'c'])
  assert.deepEqual(await ids({ name: 'p1' }), ['a'])
  assert.deepEqual(await ids({ name: '' }), ['c'])
  assert.deepEqual(await ids({ name: 'p1', device_id: 'x' }), [])
  assert.deepEqual(await ids({ admin_state_up: 'False' }), ['b'])
  assert.deepEqual(await ids({ mac_address: '02:19:34:AB:CD:EF' }), ['a'])
  assert.deepEqual(await ids({ fixed_ips: 'subnet_id=s' }), ['a'])
  assert.deepEqual(await ids({ name: undefined, id: 'b' }), ['b'])
  assert.deepEqual(urls.slice(0, 2), ['/v2.0/ports', '/v2.0/ports?name=p1'])
})

for (const [what, limits, requests] of [
  ['knows of pages', true, [2, 2, 1]],
  ['does not know of pages', false, [5]],
] as const)
  test(`a list is read page by page, of a provider that ${what}`, async (t) => {
    const all = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, name: id === 'c' ? 'other' : 'wanted' }))
    const sizes: number[] = []
    const url = await serve(t, (request, response) => {
      const { searchParams } = new URL(request.url!, 'http://provider')
      const from = limits ? all.findIndex(({ id }) => id === searchParams.get('marker')) + 1 : 0
      const ports = limits ? all.slice(from, from + Number(searchParams.get('limit'))) : all
      sizes.push(ports.length)
      json(response, 200, { ports })
    })
    const read = async (size: number) => {
      const ids: string[] = []
      for await (const page of clientOf(t, url).ports.pages({ name: 'wanted' }, size))
        ids.push(...page.map(({ id }) => id))
      return ids
    }
    assert.deepEqual(await read(2), ['a', 'b', 'd', 'e'])
    assert.deepEqual(sizes, requests)
    assert.deepEqual(await read(5), ['a', 'b', 'd', 'e'], 'a full page, and nothing new behind it')
  })

test('a page that is full to the brim and names no next one is the last; one that does is not, however short', async (t) => {
  const pages = [['a'], ['b', 'c'], ['d', 'e']]
  const asked: (string | null)[] = []
  const url = await serve(t, (request, response) => {
    const marker = new URL(request.url!, 'http://provider').searchParams.get('marker')
    const at = asked.push(marker) - 1
    const rel = at + 1 < pages.length ? 'next' : 'previous'
    json(response, 200, { ports: pages[at]!.map((id) => ({ id })), ports_links: [{ rel, href: 'http://else.where' }] })
  })
  const ids: string[] = []
  for await (const page of clientOf(t, url).ports.pages({}, 2)) ids.push(...page.map(({ id }) => id))
  assert.deepEqual([ids.join(''), asked], ['abcde', [null, 'a', 'c']])
})

test('the connection test wants a JSON object at /v2.0/, and nothing particular in it', async (t) => {
  const paths: (string | undefined)[] = []
  const url = await serve(t, (request, response) => json(response, 200, { anything: paths.push(request.url) }))
  await clientOf(t, url).test()
  assert.deepEqual(paths, ['/v2.0/'])
})
