// A provider of a few lines, a client of it, and how a call of that client must fail.
import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { createNetworkingClient, type NetworkingClient } from '../client/client.ts'
import { createHttpClient, type HttpClientOptions } from '../client/http-client.ts'
import { ProviderError, type ProviderFailure } from '../client/provider-error.ts'

export async function listening(t: TestContext, server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.close()
    server.closeAllConnections?.()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export const serve = (t: TestContext, answer: RequestListener) => listening(t, createServer(answer))

export function clientOf(t: TestContext, url: string, options: HttpClientOptions = {}): NetworkingClient {
  const http = createHttpClient({ timeoutMs: 5000, ...options })
  t.after(() => http.close())
  return createNetworkingClient(http, url)
}

export const json = (response: ServerResponse, status: number, body?: unknown) =>
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(body === undefined ? undefined : JSON.stringify(body))

export async function bodyOf(request: IncomingMessage): Promise<any> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text === '' ? undefined : JSON.parse(text)
}

/** The error of a call that must fail so; every one names its URL and ends in something to do. */
export async function failureOf(call: Promise<unknown>, failure: ProviderFailure, url: string): Promise<ProviderError> {
  const error = await call.then(
    (value) => assert.fail(`answered ${JSON.stringify(value)}`),
    (reason) => reason as unknown,
  )
  assert.ok(error instanceof ProviderError, String(error))
  assert.equal(error.failure, failure, error.message)
  assert.ok(error.message.includes(url), `${error.message} does not name ${url}`)
  assert.match(error.message, /\?$|Check |Try |It should |Ask /, 'says what to do next')
  return error
}
