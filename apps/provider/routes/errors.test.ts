// Failures that no proper request comes by: of a mistake in the provider, and of a client that never ends its request.
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import { createHttp, createMetrics } from '@patchbay/service/http.ts'
import { pino } from 'pino'
import { registerErrors } from './errors.ts'

async function startBroken(t: TestContext) {
  const logger = pino({ level: 'silent' })
  const app = createHttp({ logger, metrics: createMetrics(), requestId: () => 'req', requestTimeoutMs: 500 })
  registerErrors(app, 1000)
  app.get('/broken', async () => {
    throw new TypeError('network is undefined')
  })
  app.post('/networks', async () => ({}))
  t.after(() => app.close())
  return new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
}

test('a mistake of the provider is answered without a word about its inside', async (t) => {
  const answer = await fetch(new URL('/broken', await startBroken(t)))
  assert.equal(answer.status, 500)
  assert.deepEqual(await answer.json(), {
    NeutronError: {
      type: 'HTTPInternalServerError',
      message: 'Request Failed: internal server error while processing your request.',
      detail: '',
    },
  })
})

test('a request that does not arrive completely is answered, and its connection ends', {
  timeout: 10_000,
}, async (t) => {
  const { hostname, port } = await startBroken(t)
  const socket = connect(Number(port), hostname)
  socket.write(
    'POST /networks HTTP/1.1\r\nHost: provider\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
  )
  const text = (await socket.setEncoding('utf8').toArray()).join('')
  assert.match(text, /^HTTP\/1\.1 408 /)
  assert.equal(JSON.parse(text.slice(text.indexOf('\r\n\r\n'))).NeutronError.type, 'HTTPRequestTimeout')
})
