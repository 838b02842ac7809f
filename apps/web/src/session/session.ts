// Who is logged in, and what that user may do. The token itself is in a cookie that this code cannot read.
import { EngineFailure, faultText } from '../engine/failure.ts'
import { portalHeaders } from '../engine/request.ts'

const path = '/ovirt-engine/webadmin/session'

/** What somebody may do: permits on things, which count for all that belongs to them. */
export interface Rights {
  /** Sees everything, as whoever administers anything. */
  readonly administrator: boolean
  /** May do everything. */
  readonly everything: boolean
  readonly grants: readonly Grant[]
}

/** Of the role that somebody, or everyone, has on the object. */
export interface Grant {
  readonly object: string
  readonly permits: readonly string[]
}

export interface Session {
  readonly user: string
  /** Of the user; '' where nobody logs in. */
  readonly id: string
  readonly rights: Rights
}

/** Undefined: nobody is logged in. Throws an EngineFailure when the engine is away. */
export async function currentSession(): Promise<Session | undefined> {
  const answer = await send('GET')
  return answer.status === 401 ? undefined : sessionIn(answer)
}

/** Throws an EngineFailure with the reason. */
export async function logIn(username: string, password: string): Promise<Session> {
  return sessionIn(await send('POST', { username, password }))
}

export async function logOut(): Promise<void> {
  await send('DELETE')
}

async function send(method: string, body?: object): Promise<Response> {
  const headers = { ...portalHeaders, ...(body && { 'content-type': 'application/json' }) }
  try {
    return await fetch(path, { method, headers, body: body ? JSON.stringify(body) : null })
  } catch {
    throw new EngineFailure('The engine does not answer.', 0, '')
  }
}

async function sessionIn(answer: Response): Promise<Session> {
  const body: unknown = await answer.json().catch(() => ({}))
  if (answer.ok) {
    const { user, id, ...rights } = body as Omit<Session, 'rights'> & Rights
    return { user, id, rights }
  }
  throw new EngineFailure(faultText(body, answer.status), answer.status, answer.headers.get('correlation-id') ?? '')
}
