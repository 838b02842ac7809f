// A host that comes to a network tells those that have it already, so that they send it what is for everybody before its
// first guest counts as wired. One datagram each way over the underlay; what it says is asked of the provider.
import { randomUUID } from 'node:crypto'
import { createSocket } from 'node:dgram'

export interface Doorbell extends Disposable {
  /** Resolves with the addresses that did not answer in time. */
  ring(networkId: string, addresses: readonly string[]): Promise<string[]>
}

interface Message {
  readonly ring?: string
  readonly answer?: boolean
  readonly id: string
}

const patienceMs = 2_000
const againMs = 300

/**
 * `answer`: called when somebody rings for a network; when it has resolved, they hear of it. `failed`: called when nobody
 * can ring here, or one ring could not be answered.
 */
export function openDoorbell(
  { address, port }: { readonly address: string; readonly port: number },
  answer: (networkId: string) => Promise<void>,
  failed: (error: unknown) => void,
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
    if (message?.ring !== undefined) void open(message.ring, message.id, from)
  })
  socket.bind(port, address)

  const send = (message: Message, to: string) => socket.send(JSON.stringify(message), port, to, () => {})

  async function open(networkId: string, id: string, from: string): Promise<void> {
    if (answering.has(id)) return
    answering.add(id)
    try {
      await answer(networkId)
      send({ answer: true, id }, from)
    } catch (error) {
      failed(error)
    } finally {
      answering.delete(id)
    }
  }

  return {
    async ring(networkId, addresses) {
      const silent = new Set(addresses)
      if (silent.size === 0) return []
      const id = randomUUID()
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.set(id, (from) => {
        silent.delete(from)
        if (silent.size === 0) resolve()
      })
      const ringAll = () => {
        for (const to of silent) send({ ring: networkId, id }, to)
      }
      const again = setInterval(ringAll, againMs)
      const over = setTimeout(resolve, patienceMs)
      ringAll()
      await promise
      clearInterval(again)
      clearTimeout(over)
      waiting.delete(id)
      return [...silent]
    },
    [Symbol.dispose]: () => socket.close(),
  }
}

/** What comes over a network is anything. */
function messageIn(data: Buffer): Message | undefined {
  try {
    const { ring, answer, id } = JSON.parse(data.toString()) as Record<string, unknown>
    if (typeof id !== 'string' || id.length > 64) return undefined
    if (answer === true) return { answer, id }
    return typeof ring === 'string' && /^[\w-]{1,64}$/.test(ring) ? { ring, id } : undefined
  } catch {
    return undefined
  }
}
