// Walking through a list page by page, by the links that the pages carry.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestProvider } from '../testing/test-provider.ts'

test('the links lead through the whole list and back', async (t) => {
  const { send, url } = await startTestProvider(t)
  const names = ['a', 'b', 'c', 'd', 'e']
  await send('POST', '/networks', { networks: names.map((name) => ({ name })) })
  const walk = async (rel: 'next' | 'previous', from: string) => {
    const pages: string[][] = []
    for (let path: string | undefined = from; path !== undefined && pages.length < 9; ) {
      const { body } = await send('GET', path)
      pages.push(body.networks.map(({ name }: any) => name))
      const href: string | undefined = body.networks_links?.find((link: any) => link.rel === rel)?.href
      assert.ok(href === undefined || href.startsWith(`${url}/v2.0/networks?`), href)
      path = href?.replace(`${url}/v2.0`, '')
    }
    return pages
  }
  assert.deepEqual(await walk('next', '/networks?limit=2&fields=name'), [['a', 'b'], ['c', 'd'], ['e']])
  assert.deepEqual(await walk('previous', '/networks?limit=2&page_reverse=True'), [['d', 'e'], ['b', 'c'], ['a']])
  assert.deepEqual(await walk('next', '/networks?limit=3&sort_key=name&sort_dir=desc'), [
    ['e', 'd', 'c'],
    ['b', 'a'],
  ])
  assert.deepEqual(await walk('next', '/networks?limit=5&fields=name'), [names], 'nothing empty behind a full page')
})

test('a list without a limit has no links', async (t) => {
  const { send } = await startTestProvider(t)
  assert.deepEqual((await send('GET', '/networks')).body, { networks: [] })
})

test('a list of ports that is sent as it is kept is the one that is put together', async (t) => {
  const { send } = await startTestProvider(t)
  const { id } = (await send('POST', '/networks', { network: { name: 'n' } })).body.network
  const names = ['a', 'b', 'ü"', 'b']
  await send('POST', '/ports', { ports: names.map((name) => ({ name, network_id: id })) })
  for (const query of ['', 'name=b', 'name=nobody', `network_id=${id}`, 'name=%C3%BC%22']) {
    const asKept = await send('GET', `/ports?${query}`)
    assert.deepEqual(asKept.body, { ports: (await send('GET', `/ports?${query}&limit=9`)).body.ports })
    assert.match(asKept.headers.get('content-type') ?? '', /^application\/json/)
  }
  assert.deepEqual(
    (await send('GET', '/ports')).body.ports.map(({ name }: any) => name),
    names,
  )
})
