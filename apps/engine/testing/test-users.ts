// Users for tests: each with a token of its own, of an engine with this administrator.
import type { Response, TestEngine } from './test-engine.ts'

export const administrator = { name: 'admin@internal', password: 'secret' }

export interface TestUser {
  readonly id: string
  readonly token: string
  /** As the engine's own, with this user's token. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
  ask(method: string, path: string, body?: unknown): Promise<any>
  list(path: string): Promise<any[]>
}

export async function logIn(engine: TestEngine, username: string, password: string): Promise<TestUser> {
  const token = await tokenFor(engine, username, password)
  const send: TestUser['send'] = (method, path, body, headers) =>
    engine.send(method, path, body, { authorization: `Bearer ${token}`, ...headers })
  const ask: TestUser['ask'] = async (...request) => {
    const { status, text, body } = await send(...request)
    if (status >= 300) throw new Error(`${request.slice(0, 2).join(' ')}: ${status} ${text}`)
    return body
  }
  const list: TestUser['list'] = async (path) => (Object.values(await ask('GET', path))[0] as any[] | undefined) ?? []
  return { id: '', token, send, ask, list }
}

/** A new user of the engine's directory. */
export async function addUser(engine: TestEngine, admin: TestUser, principal: string): Promise<TestUser> {
  const password = `password of ${principal}`
  const { id } = await admin.ask('POST', '/users', { user_name: `${principal}@internal-authz`, password })
  return { ...(await logIn(engine, `${principal}@internal`, password)), id }
}

async function tokenFor(engine: TestEngine, username: string, password: string): Promise<string> {
  const answer = await fetch(`${engine.url}/ovirt-engine/sso/oauth/token`, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams({ grant_type: 'password', scope: 'ovirt-app-api', username, password }),
  })
  const body = (await answer.json()) as { access_token?: string; error?: string }
  if (body.access_token === undefined) throw new Error(body.error)
  return body.access_token
}
