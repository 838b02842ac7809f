// A provider with one fault: an HTTP proxy in front of a good one that spoils requests or answers.
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

export interface ProxiedRequest {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly headers: Record<string, string>
  /** '' without a body. */
  readonly text: string
}

export interface ProxiedAnswer {
  readonly status: number
  readonly headers: Record<string, string>
  readonly text: string
}

export interface Fault {
  /** Changes what the good provider gets. */
  request?(request: ProxiedRequest): ProxiedRequest
  /** Changes what the caller gets; `request` is as the caller sent it. */
  answer?(answer: ProxiedAnswer, request: ProxiedRequest): ProxiedAnswer | Promise<ProxiedAnswer>
}

export interface FaultyProxy {
  readonly url: string
  /** `GET /v2.0/networks`, in the order of their arrival. */
  readonly seen: readonly string[]
}

export async function startFaultyProxy(t: TestContext, target: string, fault: Fault): Promise<FaultyProxy> {
  const seen: string[] = []
  const server = createServer(async (incoming, outgoing) => {
    const request = await readRequest(incoming)
    seen.push(`${request.method} ${request.path}`)
    const sent = fault.request?.(request) ?? request
    const good = await forward(target, sent)
    const { status, headers, text } = (await fault.answer?.(good, request)) ?? good
    outgoing.writeHead(status, headers).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

async function readRequest(incoming: IncomingMessage): Promise<ProxiedRequest> {
  let text = ''
  for await (const chunk of incoming) text += chunk
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]))
  return { method: incoming.method!, path: incoming.url!, headers, text }
}

async function forward(target: string, { method, path, headers, text }: ProxiedRequest): Promise<ProxiedAnswer> {
  const { connection: _connection, host: _host, 'content-length': _length, ...kept } = headers
  const response = await fetch(target + path, {
    method,
    headers: kept,
    ...(method !== 'GET' && { body: text }),
    redirect: 'manual',
  })
  const passed = ['content-type', 'x-subject-token'].flatMap((name) => {
    const value = response.headers.get(name)
    return value === null ? [] : [[name, value] as const]
  })
  return { status: response.status, headers: Object.fromEntries(passed), text: await response.text() }
}
