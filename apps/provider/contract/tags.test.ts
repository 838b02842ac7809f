// Tags on networks, subnets and ports: their requests, the filters, and what they do to the resource.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startTestProvider } from '../testing/test-provider.ts'

async function start(t: TestContext) {
  const { send } = await startTestProvider(t)
  const make = async (singular: string, attributes: object) =>
    (await send('POST', `/${singular}s`, { [singular]: attributes })).body[singular]
  const network = await make('network', { name: 'blue' })
  const subnet = await make('subnet', { network_id: network.id, ip_version: 4, cidr: '10.0.0.0/24' })
  const port = await make('port', { network_id: network.id })
  return { send, make, network, subnet, port }
}

test('networks, subnets and ports have tags, none at first', async (t) => {
  const { send, network, subnet, port } = await start(t)
  for (const [path, row] of [
    ['networks', network],
    ['subnets', subnet],
    ['ports', port],
  ]) {
    assert.deepEqual(row.tags, [])
    const tags = `/${path}/${row.id}/tags`
    const steps = [
      ['PUT', tags, { tags: ['red', 'blue'] }, 200, { tags: ['red', 'blue'] }],
      ['PUT', `${tags}/${encodeURIComponent('grün & /lila')}`, undefined, 201, undefined],
      ['GET', `${tags}/${encodeURIComponent('grün & /lila')}`, undefined, 204, undefined],
      ['GET', tags, undefined, 200, { tags: ['red', 'blue', 'grün & /lila'] }],
      ['PUT', `${tags}/red`, undefined, 201, undefined],
      ['DELETE', `${tags}/blue`, undefined, 204, undefined],
      ['GET', tags, undefined, 200, { tags: ['red', 'grün & /lila'] }],
      ['DELETE', tags, undefined, 204, undefined],
      ['GET', tags, undefined, 200, { tags: [] }],
      ['PUT', tags, { tags: ['red'] }, 200, { tags: ['red'] }],
    ] as const
    for (const [method, url, body, status, answer] of steps) {
      const response = await send(method, url, body)
      assert.deepEqual([response.status, response.body], [status, answer], `${method} ${url}`)
    }
    const shown = (await send('GET', `/${path}/${row.id}`)).body[path.slice(0, -1)]
    assert.deepEqual(shown.tags, ['red'])
  }
})

test('a change of the tags is a change of the resource; the same tags again are none', async (t) => {
  const { send, port } = await start(t)
  const revision = async () => (await send('GET', `/ports/${port.id}`)).body.port.revision_number
  for (const [method, path, body, expected] of [
    ['PUT', '', { tags: ['red'] }, 2],
    ['PUT', '', { tags: ['red'] }, 2],
    ['PUT', '/red', undefined, 2],
    ['PUT', '/blue', undefined, 3],
    ['DELETE', '/blue', undefined, 4],
    ['DELETE', '', undefined, 5],
    ['DELETE', '', undefined, 5],
  ] as const) {
    await send(method, `/ports/${port.id}/tags${path}`, body)
    assert.equal(await revision(), expected, `${method} tags${path}`)
  }
})

test('what cannot be tagged is refused', async (t) => {
  const { send, network } = await start(t)
  const tags = `/networks/${network.id}/tags`
  const unknown = '00000000-0000-4000-8000-000000000000'
  const before = (await send('GET', `/networks/${network.id}`)).body
  const impossible = (reason: string) => `Invalid input for operation: ${reason}.`
  for (const [method, path, body, status, type, message] of [
    ['GET', `${tags}/red`, undefined, 404, 'TagNotFound', 'Tag red could not be found.'],
    ['DELETE', `${tags}/red`, undefined, 404, 'TagNotFound', 'Tag red could not be found.'],
    ['PUT', tags, {}, 400, 'InvalidInput', impossible('Invalid tags body')],
    ['PUT', tags, [], 400, 'InvalidInput', impossible('Invalid tags body')],
    ['PUT', tags, { tags: 'red' }, 400, 'InvalidInput', impossible("'red' is not a list")],
    ['PUT', tags, { tags: [5] }, 400, 'InvalidInput', impossible("'5' is not a valid string")],
    ['PUT', tags, { tags: ['a', 'a'] }, 400, 'InvalidInput', impossible("Duplicate items in the list: 'a, a'")],
    ['PUT', tags, { tags: ['x'.repeat(256)] }, 400, 'InvalidInput', /exceeds maximum length of 255/],
    ['PUT', `${tags}/${'x'.repeat(256)}`, undefined, 400, 'InvalidInput', /exceeds maximum length of 255/],
    ['PUT', tags, { tags: Array.from({ length: 1001 }, (_, at) => `${at}`) }, 400, 'InvalidInput', /at most 1000 tags/],
    ['PUT', `/networks/${unknown}/tags/red`, undefined, 404, 'NetworkNotFound', /could not be found/],
    ['GET', `/ports/${unknown}/tags`, undefined, 404, 'PortNotFound', /could not be found/],
    ['POST', '/networks', { network: { tags: ['a'] } }, 400, 'HTTPBadRequest', "Attribute 'tags' not allowed in POST"],
    [
      'PUT',
      `/networks/${network.id}`,
      { network: { tags: ['a'] } },
      400,
      'HTTPBadRequest',
      'Cannot update read-only attribute tags',
    ],
  ] as const) {
    const answer = await send(method, path, body)
    assert.deepEqual([answer.status, answer.body.NeutronError.type], [status, type], `${method} ${path}`)
    if (typeof message === 'string') assert.equal(answer.body.NeutronError.message, message)
    else assert.match(answer.body.NeutronError.message, message)
  }
  assert.deepEqual((await send('GET', `/networks/${network.id}`)).body, before)
})

test('the thousandth and first tag is refused one by one too', async (t) => {
  const { send, network } = await start(t)
  const tags = `/networks/${network.id}/tags`
  await send('PUT', tags, { tags: Array.from({ length: 1000 }, (_, at) => `${at}`) })
  assert.equal((await send('PUT', `${tags}/999`)).status, 201)
  assert.equal((await send('PUT', `${tags}/1000`)).status, 400)
})

test('resources are found by their tags: all of them, any, not all, none', async (t) => {
  const { send, make } = await start(t)
  for (const [name, ...tags] of [
    ['b', 'red'],
    ['c', 'red', 'blue'],
    ['d', 'green'],
  ] as const) {
    const { id } = await make('network', { name })
    await send('PUT', `/networks/${id}/tags`, { tags })
  }
  for (const [query, expected] of [
    ['tags=red', ['b', 'c']],
    ['tags=red,blue', ['c']],
    ['tags-any=blue,green', ['c', 'd']],
    ['not-tags=red,blue', ['blue', 'b', 'd']],
    ['not-tags-any=red,green', ['blue']],
    ['tags=red&not-tags=blue', ['b']],
    ['tags=', ['blue', 'b', 'c', 'd']],
    ['tags=none', []],
  ] as const) {
    const { networks } = (await send('GET', `/networks?${query}`)).body
    assert.deepEqual(
      networks.map(({ name }: any) => name),
      expected,
      query,
    )
  }
})
