// Between the engine and a provider, for tests: sees every request, and can lose one.
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'

export interface TestProxy {
  readonly url: string
  /** Methods and paths, in their order. */
  readonly seen: string[]
  /** Called for each request; true: the connection is cut, before its target gets it. */
  cut: (line: string) => boolean
  /** The same, but its target gets it and has answered: only the answer is lost. */
  lose: (line: string) => boolean | Promise<boolean>
  /** Waited for before a request is passed on. */
  hold: (line: string) => Promise<void>
}

/** `hidden`: what its target seems not to have. */
export async function startTestProxy(t: TestContext, target: string, hidden = /^$/): Promise<TestProxy> {
  const seen: string[] = []
  const server = createServer(async (incoming, answer) => {
    const line = `${incoming.method} ${incoming.url}`
    seen.push(line)
    await proxy.hold(line)
    if (proxy.cut(line)) incoming.socket.destroy()
    else if (hidden.test(incoming.url!)) answer.writeHead(404).end()
    else pass(target, incoming, answer, () => proxy.lose(line))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`
  const proxy: TestProxy = { url, seen, cut: () => false, lose: () => false, hold: async () => {} }
  return proxy
}

function pass(
  target: string,
  incoming: IncomingMessage,
  answer: ServerResponse,
  isLost: () => boolean | Promise<boolean>,
): void {
  const outgoing = request(target + incoming.url, { method: incoming.method, headers: incoming.headers })
  outgoing.on('error', () => answer.destroy())
  outgoing.on('response', async (response) => {
    if (await isLost()) return void answer.destroy()
    answer.writeHead(response.statusCode!, response.headers)
    response.pipe(answer)
  })
  incoming.pipe(outgoing)
}
