// In front of a real server, one that does not know some methods, as older servers do not.
import { connect, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import type { RpcMessage } from '../wire/stream/json-rpc.ts'
import { type RawServer, readMessages, startRawServer } from './raw-server.ts'

export function startOldServer(t: TestContext, socketPath: string, unknown: readonly string[]): Promise<RawServer> {
  return startRawServer(t, (client) => {
    const server = connect(socketPath)
    server.on('error', () => {})
    client.on('close', () => server.destroy())
    server.on('close', () => client.destroy())
    server.on('data', (chunk) => client.write(chunk))
    readMessages(client, (message) => forward(message, unknown, client, server))
  })
}

function forward(message: RpcMessage, unknown: readonly string[], client: Socket, server: Socket): void {
  const { type, ...json } = message.type === 'notification' ? { ...message, id: null } : message
  if (message.type === 'request' && unknown.includes(message.method))
    client.write(JSON.stringify({ id: message.id, error: 'unknown method' }))
  else server.write(JSON.stringify(json))
}
