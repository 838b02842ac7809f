// How a netns guest travels: its memory goes over one TCP connection, and only one side ever runs it.
// Source → destination: {secret, memory}, then {run}. Destination → source: {ready}, then {running}. One JSON per line.
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { HandOverUncertain, type MigrationTarget } from '../hypervisor.ts'
import type { NicMemory } from './guest-nics.ts'

export interface Arrival {
  readonly port: number
  readonly secret: string
  readonly completed: Promise<void>
  abort(): void
}

const stepTimeoutMs = 10_000
const maxLineBytes = 1_048_576

/** Waits for one guest. `start` gets its memory, and is called when the source has let go. */
export async function expectGuest(start: (memory: NicMemory[]) => Promise<void>, waitMs: number): Promise<Arrival> {
  const secret = randomBytes(16).toString('hex')
  const server = createServer({ noDelay: true })
  server.listen({ port: 0, host: '::' })
  await once(server, 'listening')
  const giveUp = AbortSignal.timeout(waitMs)
  const aborted = new AbortController()
  const completed = receive().finally(() => server.close())
  completed.catch(() => {})

  async function receive(): Promise<void> {
    const [socket] = (await once(server, 'connection', { signal: AbortSignal.any([giveUp, aborted.signal]) })) as [
      Socket,
    ]
    const peer = conversation(socket)
    try {
      const { secret: given, memory } = await peer.hear<{ secret: string; memory: NicMemory[] }>('memory')
      if (!same(given, secret)) throw new Error('the sender of the guest does not know the secret')
      peer.say({ ready: true })
      await peer.hear('run')
      await start(memory)
      peer.say({ running: true })
      peer.end()
    } catch (error) {
      peer.say({ error: (error as Error).message })
      peer.end()
      throw error
    }
  }

  const { port } = server.address() as { port: number }
  return { port, secret, completed, abort: () => aborted.abort() }
}

/** Sends a guest that is stopped here. Any failure but HandOverUncertain means that the destination did not start it. */
export async function sendGuest({ host, port, secret }: MigrationTarget, memory: readonly NicMemory[]): Promise<void> {
  const socket = connect({ host, port, noDelay: true })
  await once(socket, 'connect', { signal: AbortSignal.timeout(stepTimeoutMs) })
  const peer = conversation(socket)
  try {
    peer.say({ secret, memory })
    await peer.hear('ready')
    peer.say({ run: true })
    await peer.hear('running').catch((cause) => {
      throw new HandOverUncertain(`${host} did not confirm that it runs the guest`, { cause })
    })
  } finally {
    peer.end()
  }
}

function conversation(socket: Socket) {
  socket.on('error', () => socket.destroy())
  const lines = createInterface({ input: limited(socket) })[Symbol.asyncIterator]()
  return {
    say: (message: object) => void socket.write(`${JSON.stringify(message)}\n`),
    end: () => void socket.end(),
    /** The next message, which must have this key. */
    async hear<Message extends object>(key: string): Promise<Message> {
      const timer = setTimeout(() => socket.destroy(), stepTimeoutMs)
      const { value, done } = await lines.next().finally(() => clearTimeout(timer))
      if (done) throw new Error(`the connection ended before "${key}" came`)
      const message = JSON.parse(value) as Message & { error?: string }
      if (key in message) return message
      throw new Error(message.error ?? `"${key}" was expected`)
    },
  }
}

function limited(socket: Socket): Socket {
  let bytes = 0
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > maxLineBytes) socket.destroy()
  })
  return socket
}

function same(given: unknown, secret: string): boolean {
  const text = Buffer.from(String(given))
  return text.length === secret.length && timingSafeEqual(text, Buffer.from(secret))
}
