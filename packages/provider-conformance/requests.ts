// Requests below the provider's /v2.0, with the kit's token and logged; what a POST makes is noted for removal.
import { isObject, isSuccess } from './check.ts'
import type { Answer, Exchange, Method } from './exchange.ts'
import type { Ledger } from './ledger.ts'
import type { Tokens } from './tokens.ts'

export interface RequestOptions {
  /** Sent as it is instead of a JSON body. */
  readonly raw?: string
  readonly headers?: Record<string, string>
  /** false: without the kit's token. */
  readonly token?: boolean
  /** What follows the provider's URL: with a slash at that URL's end the engine asks for //v2.0. */
  readonly root?: string
}

export type Send = (method: Method, path: string, body?: unknown, options?: RequestOptions) => Promise<Answer>

export interface RequestParts {
  readonly url: string
  readonly exchange: Exchange
  readonly ledger: Ledger
  /** In the name of everything that the run makes. */
  readonly tag: string
  /** undefined: no login. */
  readonly tokens: Tokens | undefined
  /** Once it is aborted, no further request is sent. */
  readonly signal: AbortSignal | undefined
}

export function createRequests({ url, exchange, ledger, tag, tokens, signal }: RequestParts) {
  let log: string[] = []
  const once = async (method: Method, path: string, options: RequestOptions, text?: string, token?: string) => {
    signal?.throwIfAborted()
    const target = (options.root ?? '/v2.0') + path
    const at = log.push(`${method} ${target} → no answer`) - 1
    const noted = log
    const headers = { ...usualHeaders(text, token), ...options.headers }
    const answer = await exchange.send(method, url.replace(/\/+$/, '') + target, headers, text)
    noted[at] = `${method} ${target} → ${answer.status} ${excerpt(answer.text)}`
    return answer
  }
  const send: Send = async (method, path, body, options = {}) => {
    const text = options.raw ?? (body === undefined ? undefined : JSON.stringify(body, null, 2))
    const source = options.token === false ? undefined : tokens
    let answer = await once(method, path, options, text, await source?.current())
    if (source && answer.status === 401) answer = await once(method, path, options, text, await source.renewed())
    if (method === 'POST') for (const made of madeBy(path, answer, tag)) ledger.note({ method: 'DELETE', path: made })
    return answer
  }
  const takeLog = () => {
    const taken = log
    log = []
    return taken
  }
  return { send, takeLog }
}

const usualHeaders = (text: string | undefined, token: string | undefined): Record<string, string> => ({
  accept: 'application/json',
  ...(text !== undefined && { 'content-type': 'application/json' }),
  ...(token !== undefined && { 'x-auth-token': token }),
})

/** `/networks/ID` for what a request to create was answered with. Of a list only what is surely ours: it gets deleted. */
function madeBy(path: string, answer: Answer, tag: string): string[] {
  const [, plural] = /^\/([a-z-]+)\/?$/.exec(path) ?? []
  if (plural === undefined || !isSuccess(answer) || !isObject(answer.body)) return []
  return Object.values(answer.body)
    .flatMap((value) => (Array.isArray(value) ? value.filter((row) => JSON.stringify(row).includes(tag)) : [value]))
    .flatMap((row) => (isObject(row) && typeof row.id === 'string' && row.id !== '' ? [row.id] : []))
    .map((id) => `/${plural}/${encodeURIComponent(id)}`)
}

const excerpt = (text: string) => (text.length > 400 ? `${text.slice(0, 400)}…` : text).replace(/\s+/g, ' ')
