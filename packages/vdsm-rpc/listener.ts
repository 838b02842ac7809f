// The listening socket of a server, TLS or plain.
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, Server as TlsServer } from 'node:tls'
import type { Logger } from './logger.ts'
import type { TlsIdentity } from './tls-identity.ts'

export interface ListenerLimits {
  readonly connections: number
  /** ms for the TLS handshake. */
  readonly connectTimeoutMs: number
  readonly closeTimeoutMs: number
}

export interface Listener {
  /** For connections from now on; those that stand go on. Only where there was TLS before. */
  setIdentity(tls: TlsIdentity): void
  listen(address: { host?: string; port: number }): Promise<number>
  /** Takes no more connections and resolves when all are gone, which is after twice `closeTimeoutMs` at the latest. */
  close(): Promise<void>
}

/** With `tls`, only sockets whose certificate was verified get to `onSocket`. */
export function createListener(
  tls: TlsIdentity | undefined,
  limits: ListenerLimits,
  logger: Logger,
  onSocket: (socket: Socket) => void,
): Listener {
  const server = tls ? createTlsListener(tls, limits, logger, onSocket) : createServer(onSocket)
  const sockets = new Set<Socket>()
  server.maxConnections = limits.connections
  server.on('drop', (peer) => logger.warn({ peer }, 'connection refused: too many already'))
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  return {
    setIdentity(identity) {
      if (server instanceof TlsServer) server.setSecureContext(identity)
    },
    listen: (address) => listen(server, address, logger),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      const timer = setTimeout(() => {
        for (const socket of sockets) socket.destroy()
      }, 2 * limits.closeTimeoutMs)
      await closed
      clearTimeout(timer)
    },
  }
}

/** VDSM looks only at whether the client's certificate comes from its CA, not at the name in it. */
function createTlsListener(
  tls: TlsIdentity,
  { connectTimeoutMs }: ListenerLimits,
  logger: Logger,
  onSocket: (socket: Socket) => void,
): Server {
  const options = { ...tls, requestCert: true, rejectUnauthorized: true, handshakeTimeout: connectTimeoutMs }
  const server = createTlsServer(options, onSocket)
  server.on('tlsClientError', (error, socket) => {
    logger.warn({ peer: socket.remoteAddress, reason: socket.authorizationError ?? error.message }, 'TLS refused')
    socket.destroy()
  })
  return server
}

function listen(server: Server, { host, port }: { host?: string; port: number }, logger: Logger): Promise<number> {
  return new Promise((resolve, reject) => {
    const refused = (cause: Error) =>
      reject(
        new Error(`Cannot listen: ${cause.message}. Stop what uses the address, or choose another one.`, { cause }),
      )
    server.once('error', refused)
    server.listen({ host, port }, () => {
      server.off('error', refused)
      server.on('error', (err) => logger.error({ err }, 'cannot take a connection'))
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}
