// How a netns guest travels: its memory goes over one connection, and only one side ever runs it.
// Source → destination: {secret, memory}, then {run}. Destination → source: {ready}, then {running}. One JSON per line.
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { connect as connectTls, createServer as createTlsServer } from 'node:tls'
import type { TlsIdentity } from '@patchbay/vdsm-rpc/tls-identity.ts'
import type { MigrationTarget } from '../hypervisor.ts'
import type { NicMemory } from './guest-nics.ts'
import { type Conversation, converse } from './json-lines.ts'

export interface ChannelOptions {
  /** Both sides show a certificate of this CA. undefined: plain TCP. */
  readonly tls?: TlsIdentity | undefined
  /** For the source to come. It comes as soon as it has been told the port. */
  readonly waitMs?: number
  /** For each message. */
  readonly stepMs?: number
}

export interface Arrival {
  readonly port: number
  readonly secret: string
  readonly completed: Promise<void>
  abort(): void
}

const defaults = { waitMs: 60_000, stepMs: 10_000 }
/** Strangers that connect beside the source. */
const maxConnections = 8

/** Waits for one guest. `start` gets its memory, and is called when the source has let go. */
export async function expectGuest(
  start: (memory: readonly NicMemory[]) => Promise<void>,
  options: ChannelOptions = {},
): Promise<Arrival> {
  const { waitMs, stepMs } = { ...defaults, ...options }
  const secret = randomBytes(16).toString('hex')
  const completed = Promise.withResolvers<void>()
  const late = () => completed.reject(new Error(`nobody sent it within ${waitMs / 1000} s`))
  const waiting = setTimeout(late, waitMs).unref()
  const sockets = new Set<Socket>()
  const server = listener(options.tls, (socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)))
    void receive(converse(socket, stepMs))
  })

  /** Who does not know the secret is turned away, and the source still waited for. */
  async function receive(peer: Conversation): Promise<void> {
    try {
      const { secret: given, memory } = await peer.hear<{ secret: unknown; memory: NicMemory[] }>('memory')
      if (!same(given, secret)) throw new Error('the sender of the guest does not know the secret')
      // The source has come, and with it the one attempt.
      clearTimeout(waiting)
      server.close()
      await take(peer, memory).then(completed.resolve, (error) => {
        completed.reject(error)
        throw error
      })
    } catch (error) {
      peer.say({ error: (error as Error).message })
    } finally {
      peer.end()
    }
  }

  async function take(peer: Conversation, memory: readonly NicMemory[]): Promise<void> {
    peer.say({ ready: true })
    await peer.hear('run')
    await start(memory)
    peer.say({ running: true })
  }

  completed.promise
    .catch(() => {})
    .finally(() => {
      clearTimeout(waiting)
      server.close()
    })
  server.maxConnections = maxConnections
  // Nobody who stops the agent waits for a guest.
  server.unref().listen({ port: 0, host: '::' })
  await once(server, 'listening')
  return {
    port: (server.address() as { port: number }).port,
    secret,
    completed: completed.promise,
    abort() {
      completed.reject(new Error('it is not expected any more'))
      for (const socket of sockets) socket.destroy()
    },
  }
}

/**
 * Sends a guest that is stopped here. Calls `handingOver` right before the destination is told to run it: a failure
 * before that call means that the destination does not run it, a failure after it says nothing.
 */
export async function sendGuest(
  { host, port, secret }: MigrationTarget,
  memory: readonly NicMemory[],
  handingOver: () => void,
  options: ChannelOptions = {},
): Promise<void> {
  const { stepMs } = { ...defaults, ...options }
  const peer = converse(opened({ host, port }, options.tls), stepMs)
  try {
    peer.say({ secret, memory })
    await peer.hear('ready')
    handingOver()
    peer.say({ run: true })
    await peer.hear('running')
  } finally {
    peer.end()
  }
}

function listener(tls: TlsIdentity | undefined, onSocket: (socket: Socket) => void): Server {
  if (!tls) return createServer({ noDelay: true }, onSocket)
  const server = createTlsServer({ ...tls, requestCert: true, rejectUnauthorized: true, noDelay: true }, onSocket)
  return server.on('tlsClientError', (_error, socket) => socket.destroy())
}

/** Whose certificate it is does not matter, only from which CA: as everywhere between VDSMs. */
function opened(where: { host: string; port: number }, tls: TlsIdentity | undefined): Socket {
  return tls
    ? connectTls({ ...where, ...tls, checkServerIdentity: () => undefined })
    : connect({ ...where, noDelay: true })
}

function same(given: unknown, secret: string): boolean {
  const text = Buffer.from(String(given))
  return text.length === secret.length && timingSafeEqual(text, Buffer.from(secret))
}
