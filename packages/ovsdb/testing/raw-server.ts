// A server that does what a test tells it to, right or wrong.
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { JsonFramer } from '../wire/stream/json-framer.ts'
import { parseMessage, type RpcMessage } from '../wire/stream/json-rpc.ts'

export interface RawServer {
  readonly remote: string
  readonly port: number
}

/** Calls back with each connection. */
export async function startRawServer(t: TestContext, serve: (socket: Socket) => void): Promise<RawServer> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    serve(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  const { port } = server.address() as AddressInfo
  return { port, remote: `tcp:127.0.0.1:${port}` }
}

/** Calls back with each message that comes. */
export function readMessages(socket: Socket, onMessage: (message: RpcMessage) => void): void {
  const framer = new JsonFramer({ messageBytes: 2 ** 24, depth: 50 }, (text) => onMessage(parseMessage(text)!))
  socket.on('data', (chunk: Buffer) => framer.push(chunk))
}
