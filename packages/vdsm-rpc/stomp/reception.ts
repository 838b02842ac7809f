// Receives a server's connections: lets in who speaks STOMP and sends CONNECT in time, and sees all of them out.
import type { Socket } from 'node:net'
import type { Logger } from '../logger.ts'
import { detectStomp } from './protocol-detection.ts'
import type { Frame } from './stomp-frame.ts'
import { type SessionLimits, StompSession } from './stomp-session.ts'
import type { Subscriptions } from './subscriptions.ts'

export interface ReceptionOptions {
  readonly limits: SessionLimits & { readonly connectTimeoutMs: number }
  readonly logger: Logger
  readonly subscriptions: Subscriptions
  readonly onRequest: (frame: Frame, peer: string) => void
}

export class Reception {
  readonly #options: ReceptionOptions
  readonly #strangers = new Set<Socket>()
  readonly #sessions = new Set<StompSession>()

  constructor(options: ReceptionOptions) {
    this.#options = options
  }

  /** Takes over a socket that is connected and, with TLS, authenticated. */
  accept(socket: Socket): void {
    const { limits, logger } = this.#options
    const peer = peerOf(socket)
    let reason: Error | undefined
    const timer = setTimeout(
      () => socket.destroy(new Error(`no CONNECT frame within ${limits.connectTimeoutMs} ms`)),
      limits.connectTimeoutMs,
    )
    this.#strangers.add(socket)
    socket.on('error', (error) => {
      reason ??= error
    })
    socket.on('close', () => {
      clearTimeout(timer)
      this.#strangers.delete(socket)
      logger.info({ peer, reason: reason?.message }, 'disconnected')
    })
    detectStomp(socket, (isStomp) => {
      if (!isStomp) return socket.destroy(new Error('the client does not speak STOMP'))
      this.#strangers.delete(socket)
      this.#openSession(socket, peer, () => clearTimeout(timer))
    })
  }

  #openSession(socket: Socket, peer: string, onConnected: () => void): void {
    const { limits, logger, subscriptions, onRequest } = this.#options
    const session = new StompSession(socket, {
      limits,
      subscriptions,
      onRequest: (frame) => onRequest(frame, peer),
      onConnected: () => {
        onConnected()
        logger.info({ peer }, 'connected')
      },
    })
    this.#sessions.add(session)
    socket.on('close', () => this.#sessions.delete(session))
  }

  /** Lets out what is queued for each client, then closes. */
  close(): void {
    for (const socket of this.#strangers) socket.destroy()
    for (const session of this.#sessions) session.end()
  }
}

/** `192.0.2.1:4711`, `[2001:db8::1]:4711` */
function peerOf({ remoteAddress = 'unknown', remotePort = 0 }: Socket): string {
  return remoteAddress.includes(':') ? `[${remoteAddress}]:${remotePort}` : `${remoteAddress}:${remotePort}`
}
