// A host that comes to a network tells those that have it already, so that they send it what is for everybody before its
// first guest counts as wired; and later, that its guests have changed. One datagram each way over the underlay; what it says
// is asked of the provider.
import { randomUUID } from 'node:crypto'
import { createSocket } from 'node:dgram'

export interface Doorbell extends Disposable {
  /** They look at once. Resolves with the addresses that did not answer in time. */
  ring(networkId: string, addresses: readonly string[]): Promise<string[]>
  /** They look soon. Resolves with the addresses that have not heard of it. */
  tell(networkId: string, addresses: readonly string[]): Promise<string[]>
}

export interface Answers {
  /** When it has resolved, who rings hears of it. */
  look(networkId: string): Promise<void>
  lookSoon(networkId: string): void
  /** Nobody can ring here, or one ring could not be answered. */
  failed(error: unknown): void
}

interface Message {
  /** The network. */
  readonly ring?: string
  readonly isNoHurry?: boolean
  readonly answer?: boolean
  readonly id: string
}

const patienceMs = 2_000
const againMs = 300

export function openDoorbell(
  { address, port }: { readonly address: string; readonly port: number },
  { look, lookSoon, failed }: Answers,
): Doorbell {
  const waiting = new Map<string, (from: string) => void>()
  const answering = new Set<string>()
  const socket = createSocket('udp4')
  // A call of a driver that is a process of its own does not wait for rings.
  socket.unref()
  socket.on('error', failed)
  socket.on('message', (data, { address: from }) => {
    const message = messageIn(data)
    if (message?.answer) waiting.get(message.id)?.(from)
    if (message?.ring !== undefined) void open(message.ring, message, from)
  })
  socket.bind(port, address)

  const send = (message: Message, to: string) => socket.send(JSON.stringify(message), port, to, () => {})

  async function open(networkId: string, { id, isNoHurry }: Message, from: string): Promise<void> {
    if (answering.has(id)) return
    answering.add(id)
    try {
      if (isNoHurry) lookSoon(networkId)
      else await look(networkId)
      send({ answer: true, id }, from)
    } catch (error) {
      failed(error)
    } finally {
      answering.delete(id)
    }
  }

  async function ringAll(message: Omit<Message, 'id'>, addresses: readonly string[]): Promise<string[]> {
    const silent = new Set(addresses)
    if (silent.size === 0) return []
    const id = randomUUID()
    const { promise, resolve } = Promise.withResolvers<void>()
    waiting.set(id, (from) => {
      silent.delete(from)
      if (silent.size === 0) resolve()
    })
    const ring = () => {
      for (const to of silent) send({ ...message, id }, to)
    }
    const again = setInterval(ring, againMs)
    const over = setTimeout(resolve, patienceMs)
    ring()
    await promise
    clearInterval(again)
    clearTimeout(over)
    waiting.delete(id)
    return [...silent]
  }

  return {
    ring: (networkId, addresses) => ringAll({ ring: networkId }, addresses),
    tell: (networkId, addresses) => ringAll({ ring: networkId, isNoHurry: true }, addresses),
    [Symbol.dispose]: () => socket.close(),
  }
}

/** What comes over a network is anything. */
function messageIn(data: Buffer): Message | undefined {
  try {
    const { ring, isNoHurry, answer, id } = JSON.parse(data.toString()) as Record<string, unknown>
    if (typeof id !== 'string' || id.length > 64) return undefined
    if (answer === true) return { answer, id }
    return typeof ring === 'string' && /^[\w-]{1,64}$/.test(ring)
      ? { ring, id, isNoHurry: isNoHurry === true }
      : undefined
  } catch {
    return undefined
  }
}
