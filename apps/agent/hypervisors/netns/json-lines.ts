// Two programs that talk over a socket in lines of JSON, taking turns.
import { EventEmitter, once } from 'node:events'
import type { Socket } from 'node:net'

export interface Conversation {
  say(message: object): void
  /** The next message, which must have this key. Throws what the other side gives as `error`, or why nothing came. */
  hear<Message extends object>(key: string): Promise<Message>
  /** Lets out what was said, then closes. */
  end(): void
}

const maxLineLength = 1_048_576

/** `stepMs`: for each message to come. The socket is closed when one does not. */
export function converse(socket: Socket, stepMs: number): Conversation {
  const news = new EventEmitter()
  let text = ''
  let reason = 'the other side closed the connection'
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    text += chunk
    if (text.length > maxLineLength) socket.destroy(new Error(`more than ${maxLineLength} bytes came in one line`))
    news.emit('news')
  })
  socket.on('error', (error) => {
    reason = error.message
  })
  for (const event of ['end', 'close']) socket.on(event, () => news.emit('news'))

  async function line(): Promise<string> {
    const late = setTimeout(() => socket.destroy(new Error(`nothing came within ${stepMs / 1000} s`)), stepMs)
    try {
      while (!text.includes('\n')) {
        if (socket.closed || socket.readableEnded) throw new Error(reason)
        await once(news, 'news')
      }
    } finally {
      clearTimeout(late)
    }
    const end = text.indexOf('\n')
    const [first, rest] = [text.slice(0, end), text.slice(end + 1)]
    text = rest
    return first
  }

  return {
    say: (message) => void socket.write(`${JSON.stringify(message)}\n`),
    async hear<Message extends object>(key: string): Promise<Message> {
      const message = parsed(await line()) as Message & { error?: unknown }
      if (key in message) return message
      throw new Error(message.error === undefined ? `"${key}" was expected` : String(message.error))
    },
    end() {
      socket.end()
      // What is sent after the end is nobody's.
      socket.resume()
      const slow = setTimeout(() => socket.destroy(), stepMs).unref()
      socket.on('close', () => clearTimeout(slow))
    },
  }
}

function parsed(line: string): object {
  try {
    const message: unknown = JSON.parse(line)
    if (typeof message === 'object' && message !== null) return message
  } catch {
    // Told below.
  }
  throw new Error('what came is no message')
}
