// One HTTP request as it is: any body, any path, whatever the answer; on a connection of its own, as the engine does.
import { connectionError } from '@patchbay/networking-api/client/provider-error.ts'
import { Agent, request } from 'undici'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  /** undefined: the text is no JSON. */
  readonly body: unknown
}

export interface ExchangeOptions {
  /** PEM certificates to trust instead of the system's. */
  readonly ca?: string | undefined
  /** For the connection and for the whole answer. oVirt gives up after 20 s and 30 s. */
  readonly timeoutMs: number
}

export interface Exchange {
  /** Redirects are not followed. Throws a ProviderError when there is no answer. */
  send(method: Method, url: string, headers: Record<string, string>, body?: string): Promise<Answer>
  close(): Promise<void>
}

const maxAnswerBytes = 256 * 1024 * 1024

export function createExchange({ ca, timeoutMs }: ExchangeOptions): Exchange {
  const agent = new Agent({
    connect: { ca, timeout: timeoutMs },
    maxResponseSize: maxAnswerBytes,
    // No keep-alive: the engine makes a new HTTP client for each request.
    pipelining: 0,
  })
  return {
    async send(method, url, headers, body) {
      try {
        const signal = AbortSignal.timeout(timeoutMs)
        const response = await request(url, { dispatcher: agent, method, headers, body, signal })
        const text = await response.body.text()
        return { status: response.statusCode, headers: response.headers, text, body: parsed(text) }
      } catch (cause) {
        throw connectionError(cause, url, timeoutMs)
      }
    },
    close: () => agent.destroy(),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
