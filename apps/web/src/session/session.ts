// Who is logged in. The token itself is in a cookie that this code cannot read.
import { EngineFailure, faultText } from '../engine/failure.ts'
import { portalHeaders } from '../engine/request.ts'

const path = '/ovirt-engine/webadmin/session'

/** The user's name; undefined: nobody is logged in. Throws an EngineFailure when the engine is away. */
export async function currentUser(): Promise<string | undefined> {
  const answer = await send('GET')
  return answer.status === 401 ? undefined : userIn(answer)
}

/** Answers the user's name. Throws an EngineFailure with the reason. */
export async function logIn(username: string, password: string): Promise<string> {
  return userIn(await send('POST', { username, password }))
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

async function userIn(answer: Response): Promise<string> {
  const body: unknown = await answer.json().catch(() => ({}))
  if (answer.ok) return (body as { user: string }).user
  throw new EngineFailure(faultText(body, answer.status), answer.status, answer.headers.get('correlation-id') ?? '')
}
