// One request to the engine's REST API. The session is a cookie; the header shows that this page sends it.
import { EngineFailure, faultText } from './failure.ts'

export const apiRoot = '/ovirt-engine/api'

export const portalHeaders = { accept: 'application/json', 'x-patchbay-portal': '1' }

/** Called when the session has ended; the request is sent again when what it answers is fulfilled. */
export type Relogin = () => Promise<void>

let relogin: Relogin = () => Promise.reject(new Error('nobody can log in here'))

export function onSessionEnd(ask: Relogin): void {
  relogin = ask
}

/** Resolves when somebody has logged in again. */
export const renewSession = () => relogin()

/** `path` is what follows the API's root, or a whole href. Throws an EngineFailure. */
export async function request(method: string, path: string, body?: object, signal?: AbortSignal): Promise<unknown> {
  const url = path.startsWith(apiRoot) ? path : apiRoot + path
  const answer = await send(method, url, body, signal)
  if (answer.status !== 401) return read(answer)
  await renewSession()
  return read(await send(method, url, body, signal))
}

/** A file, as it is. */
export async function octets(path: string, file: Blob): Promise<unknown> {
  const upload = () => send('POST', apiRoot + path, file)
  const answer = await upload()
  if (answer.status !== 401) return read(answer)
  await renewSession()
  return read(await upload())
}

async function send(method: string, url: string, body?: object, signal?: AbortSignal): Promise<Response> {
  const isFile = body instanceof Blob
  const type = body && { 'content-type': isFile ? 'application/octet-stream' : 'application/json' }
  try {
    return await fetch(url, {
      method,
      headers: { ...portalHeaders, ...type },
      body: isFile ? body : body && JSON.stringify(body),
      signal: signal ?? null,
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new EngineFailure('The engine does not answer.', 0, '')
  }
}

async function read(answer: Response): Promise<unknown> {
  const text = await answer.text()
  const body = parse(text)
  if (answer.ok) return body
  throw new EngineFailure(faultText(body, answer.status), answer.status, answer.headers.get('correlation-id') ?? '')
}

function parse(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text)
  } catch {
    return {}
  }
}
