// A session with an engine's REST API: logged in at the first request, logged out at the end.
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { noAnswer } from './no-answer.ts'

export interface EngineAddress {
  /** `http://host:8080`, without a path. */
  readonly url: string
  /** With the profile: `admin@internal`. */
  readonly user: string
  /** File with the password; without one the engine is asked for none. */
  readonly passwordFile?: string | undefined
  /** PEM file with certificates to trust beside the system's. */
  readonly ca?: string | undefined
}

/** A resource as the API shows it in JSON. */
// biome-ignore lint/suspicious/noExplicitAny: commands show what the engine says; what it does not say is shown as nothing
export type Item = Readonly<Record<string, any>>

export interface EngineSession extends AsyncDisposable {
  /** Names what is done in the engine's events, jobs and logs. */
  readonly correlationId: string
  /** The body of a success; `path` is what follows `/ovirt-engine/api`. Throws an EngineRefusal. */
  ask(method: string, path: string, body?: object | Uint8Array): Promise<Item>
  /** The items of a collection. */
  list(path: string): Promise<Item[]>
  /** An answer that goes on: server-sent events. */
  stream(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>
}

/** What the engine did not do, in its own words. */
export class EngineRefusal extends Error {
  override readonly name = 'EngineRefusal'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const timeoutMs = 900_000

export function openSession({ url, user, passwordFile, ca }: EngineAddress): EngineSession {
  const root = url.replace(/\/+$/, '')
  if (ca) setDefaultCACertificates([...getCACertificates(), readFileSync(ca, 'utf8')])
  const correlationId = randomUUID()
  let token: Promise<string> | undefined

  async function login(): Promise<string> {
    const password = passwordFile ? readFileSync(passwordFile, 'utf8').replace(/\r?\n$/, '') : ''
    const form = { grant_type: 'password', scope: 'ovirt-app-api', username: user, password }
    const response = await reach(root, '/ovirt-engine/sso/oauth/token', {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams(form),
    })
    const answer = (await response.json().catch(() => ({}))) as Item
    if (response.ok) return answer.access_token
    throw new EngineRefusal(
      response.status,
      `${user} was not let in: ${reasonOf(answer) ?? `${response.statusText}, without a reason. Is that an engine?`} ${howToLogIn}`,
    )
  }

  async function send(path: string, request: RequestInit = {}): Promise<Response> {
    token ??= login()
    const headers = {
      accept: 'application/json',
      authorization: `Bearer ${await token}`,
      'correlation-id': correlationId,
      ...request.headers,
    }
    const response = await reach(root, `/ovirt-engine/api${path}`, { ...request, headers })
    if (!response.ok) throw await refusal(response)
    return response
  }

  const ask: EngineSession['ask'] = async (method, path, body) => {
    const type = body instanceof Uint8Array ? 'application/octet-stream' : 'application/json'
    const content = body === undefined || body instanceof Uint8Array ? body : JSON.stringify(body)
    const response = await send(path, {
      method,
      signal: AbortSignal.timeout(timeoutMs),
      ...(content !== undefined && { body: content as string, headers: { 'content-type': type } }),
    })
    const text = await response.text()
    return text === '' ? {} : (JSON.parse(text) as Item)
  }

  return {
    correlationId,
    ask,
    async list(path) {
      const [items] = Object.values(await ask('GET', path)).filter(Array.isArray)
      return items ?? []
    },
    stream: async (path, signal) => (await send(path, { headers: { accept: 'text/event-stream' }, signal })).body!,
    async [Symbol.asyncDispose]() {
      const given = await token?.catch(() => undefined)
      if (given === undefined) return
      const body = new URLSearchParams({ token: given, scope: 'ovirt-app-api' })
      await fetch(`${root}/ovirt-engine/services/sso-logout`, { method: 'POST', body }).catch(() => {})
    },
  }
}

/** What is no engine may answer anything. */
const reasonOf = ({ error }: Item) => (typeof error === 'string' ? `${error.replace(/\.+$/, '')}.` : undefined)

const howToLogIn = 'Give --user and --password-file, or PATCHBAY_ENGINE_USER and PATCHBAY_ENGINE_PASSWORD_FILE.'

async function reach(root: string, path: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(root + path, request)
  } catch (error) {
    const { cause } = error as Error & { cause?: Error }
    throw new Error(noAnswer(root, cause?.message ? cause : (error as Error)))
  }
}

/** `[text]` in the fault, or in the action around it. */
async function refusal(response: Response): Promise<EngineRefusal> {
  const body = (await response.json().catch(() => ({}))) as Item
  const { reason, detail } = (body.fault ?? body) as { reason?: string; detail?: string }
  const text = detail?.replace(/^\[(.*)\]$/s, '$1') ?? reason ?? response.statusText
  const id = response.headers.get('correlation-id')
  const isInternal = response.status >= 500 && id !== null
  return new EngineRefusal(response.status, isInternal ? `${text} (Correlation-Id ${id} in the engine's log)` : text)
}
