// How a client prepares, activates and removes bindings of a port.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bodyOf, clientOf, failureOf, json, serve } from '../testing/served.ts'

test('bindings are prepared, activated and removed, however often it is asked', async (t) => {
  const hosts = new Map([['h1', 'ACTIVE']])
  const seen: string[] = []
  const url = await serve(t, async (request, response) => {
    const { method, url: path = '' } = request
    const body = await bodyOf(request)
    seen.push(`${method} ${path}${body ? ` ${JSON.stringify(body)}` : ''}`)
    const host = decodeURIComponent(/bindings\/([^/]+)/.exec(path)?.[1] ?? '')
    if (method === 'POST' && hosts.has(body.binding.host)) return json(response, 409, {})
    if (method === 'POST') hosts.set(body.binding.host, 'INACTIVE')
    else if (!hosts.has(host)) return json(response, 404, {})
    else if (method === 'DELETE') hosts.delete(host)
    else if (hosts.get(host) === 'ACTIVE') return json(response, 409, {})
    else hosts.set(host, 'ACTIVE')
    return json(response, method === 'POST' ? 201 : 200, {})
  })
  const { bindings } = clientOf(t, url)
  for (const _twice of [1, 2]) await bindings.prepare('p', 'h/2', { profile: { a: 1 } })
  assert.equal(seen[0], 'POST /v2.0/ports/p/bindings {"binding":{"profile":{"a":1},"host":"h/2"}}')
  assert.deepEqual([await bindings.activate('p', 'h/2'), await bindings.activate('p', 'h/2')], [true, true])
  assert.equal(seen.at(-1), 'PUT /v2.0/ports/p/bindings/h%2F2/activate')
  assert.deepEqual([await bindings.activate('p', 'h9'), await bindings.remove('p', 'h9')], [false, false])
  assert.deepEqual([await bindings.remove('p', 'h1'), await bindings.remove('p', 'h1')], [true, false])
})

test('whether bindings are offered is asked until they are', async (t) => {
  const statuses = [404, 501, 405, 200]
  let asked = 0
  const url = await serve(t, (_, response) => json(response, statuses[asked++] ?? 500, { extension: {} }))
  const { bindings } = clientOf(t, url)
  assert.equal(await bindings.areOffered(), false)
  await failureOf(bindings.areOffered(), 'rejected', url)
  assert.deepEqual(
    [await bindings.areOffered(), await bindings.areOffered(), await bindings.areOffered()],
    [false, true, true],
  )
  assert.equal(asked, 4)
})
