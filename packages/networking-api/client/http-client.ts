// The one place that sends HTTP requests to a provider: bounded in time and size, failures as ProviderErrors.
import type { SecureContext } from 'node:tls'
import { Agent, buildConnector, type Dispatcher, errors, request } from 'undici'
import { connectionError, ProviderError, statusError } from './provider-error.ts'

export interface HttpClientOptions {
  /** PEM certificates to trust instead of the system's. */
  readonly ca?: string
  /** Whom to trust instead: asked for every new connection, so that it may change. */
  readonly trust?: () => SecureContext
  /** ms until the connection stands. oVirt: ExternalNetworkProviderConnectionTimeout, 20 s. */
  readonly connectTimeoutMs?: number
  /** ms until the whole answer is there. oVirt: ExternalNetworkProviderTimeout, 30 s. */
  readonly timeoutMs?: number
}

export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers: Dispatcher.ResponseData['headers']
}

export interface HttpClient {
  /** Sends one request. Throws a ProviderError unless the status is 200, 201, 202 or 204 (or listed in `accept`). */
  send(
    method: Dispatcher.HttpMethod,
    url: string,
    /** `body`: sent as JSON, or as a form where it is URLSearchParams. */
    options?: { body?: object; headers?: Record<string, string>; accept?: readonly number[] },
  ): Promise<Answer>
  close(): Promise<void>
}

const maxAnswerBytes = 256 * 1024 * 1024
const successes = [200, 201, 202, 204]

export function createHttpClient({
  ca,
  trust,
  connectTimeoutMs = 20_000,
  timeoutMs = 30_000,
}: HttpClientOptions = {}): HttpClient {
  const agent = new Agent({
    connect: trust ? trustingConnector(trust, connectTimeoutMs) : { ca, timeout: connectTimeoutMs },
    maxResponseSize: maxAnswerBytes,
    keepAliveTimeout: 10_000,
    connections: 32,
  })
  return {
    async send(method, url, { body, headers, accept = [] } = {}) {
      const answer = await exchange(agent, method, url, body, headers, timeoutMs)
      if (!successes.includes(answer.status) && !accept.includes(answer.status))
        throw statusError(url, answer.status, answer.body)
      return answer
    },
    close: () => agent.destroy(),
  }
}

function trustingConnector(trust: () => SecureContext, timeout: number): buildConnector.connector {
  return (options, done) => {
    let secureContext: SecureContext | undefined
    try {
      if (options.protocol === 'https:') secureContext = trust()
    } catch (error) {
      return done(error as Error, null)
    }
    buildConnector({ timeout, ...(secureContext && { secureContext }) })(options, done)
  }
}

async function exchange(
  dispatcher: Agent,
  method: Dispatcher.HttpMethod,
  url: string,
  body: object | undefined,
  headers: Record<string, string> | undefined,
  timeoutMs: number,
): Promise<Answer> {
  const ask = async () => {
    const response = await request(url, {
      dispatcher,
      method,
      headers: { accept: 'application/json', ...(body && { 'content-type': typeOf(body) }), ...headers },
      body: body && (body instanceof URLSearchParams ? body.toString() : JSON.stringify(body)),
      signal: AbortSignal.timeout(timeoutMs),
    })
    return { status: response.statusCode, headers: response.headers, text: await response.body.text() }
  }
  const { text, ...answer } = await ask()
    .catch((cause) => (method === 'GET' && wasKept(cause) ? ask() : Promise.reject(cause)))
    .catch((cause) => Promise.reject(connectionError(cause, url, timeoutMs)))
  return { ...answer, body: parse(text, url, answer.status) }
}

/**
 * The connection had served before: the other side may close one that is idle in the moment in which it is used again
 * (RFC 9112 section 9.5), and what only asks may be sent once more.
 */
const wasKept = (cause: unknown) => cause instanceof errors.SocketError && (cause.socket?.bytesRead ?? 0) > 0

const typeOf = (body: object) =>
  body instanceof URLSearchParams ? 'application/x-www-form-urlencoded' : 'application/json'

function parse(text: string, url: string, status: number): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    if (!successes.includes(status)) return undefined
    throw new ProviderError(
      'malformed',
      `${url} answered ${status}, but not in JSON. Is this the URL of a Networking API?`,
      { status },
    )
  }
}
