// Logging in: a name and a password become a session; and out again. Whoever watches is told.
import type { Credentials } from './credentials.ts'
import type { LoginEvents } from './login-events.ts'
import { OAuthError } from './oauth-error.ts'
import type { PasswordCheck } from './password-check.ts'
import type { Sessions } from './sessions.ts'

export interface SsoParts {
  readonly sessions: Sessions
  /** undefined: authentication is off, everybody gets a token. */
  readonly passwords: PasswordCheck | undefined
  readonly told: LoginEvents
  /** Who may ask about tokens; undefined: nobody. */
  readonly client: Credentials | undefined
}

/** Throws an OAuthError, or TOO_MANY_ATTEMPTS. */
export async function logIn({ sessions, passwords, told }: SsoParts, form: URLSearchParams, address: string) {
  if (needed(form, 'grant_type') !== 'password') throw new OAuthError('unsupported_grant_type')
  const given = { name: needed(form, 'username'), password: needed(form, 'password') }
  const user = passwords ? await passwords.userOf(given, address) : given.name
  if (user === undefined) {
    await told.refused(given.name, address)
    throw new OAuthError('access_denied', { user: given.name })
  }
  const opened = sessions.open(user, form.get('scope') ?? '')
  await told.loggedIn(user, address)
  return opened
}

/** Whoever has the token ends its session. */
export async function logOut({ sessions, told }: SsoParts, token: string, address: string): Promise<void> {
  const session = sessions.end(token)
  if (session) await told.loggedOut(session.userId, address)
}

/** Throws an OAuthError. */
export function needed(form: URLSearchParams, name: string): string {
  const value = form.get(name)
  if (value === null) throw new OAuthError('invalid_request', { name })
  return value
}
