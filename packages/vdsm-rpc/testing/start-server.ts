// A server on a free port for one test, with a log that can be looked at and waited for.
import { EventEmitter, once } from 'node:events'
import type { TestContext } from 'node:test'
import type { Logger } from '../logger.ts'
import { createVdsmServer, type VdsmServer, type VdsmServerOptions } from '../server.ts'

export class TestLog implements Logger {
  readonly lines: { level: string; message: string; details: Record<string, unknown> }[] = []
  readonly #news = new EventEmitter()

  debug = (details: object, message: string) => this.#add('debug', details, message)
  info = (details: object, message: string) => this.#add('info', details, message)
  warn = (details: object, message: string) => this.#add('warn', details, message)
  error = (details: object, message: string) => this.#add('error', details, message)

  /** The details of the first such line, waited for. */
  async find(message: string): Promise<Record<string, unknown>> {
    for (;;) {
      const found = this.lines.find((line) => line.message === message)
      if (found) return found.details
      await once(this.#news, 'line', { signal: AbortSignal.timeout(30_000) })
    }
  }

  #add(level: string, details: object, message: string): void {
    this.lines.push({ level, message, details: { ...details } })
    this.#news.emit('line')
  }
}

export async function startServer(
  t: TestContext,
  options: Partial<VdsmServerOptions> = {},
  port = 0,
): Promise<{ server: VdsmServer; port: number; log: TestLog }> {
  const log = new TestLog()
  const limits = { closeTimeoutMs: 100, ...options.limits }
  const server = createVdsmServer({ methods: {}, logger: log, ...options, limits })
  t.after(() => server.close())
  return { server, port: await server.listen({ host: '127.0.0.1', port }), log }
}
