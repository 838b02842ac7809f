// Who is logged in: a token for each session, which ends by a logout, or when nobody has used it for a time.
import { hash, randomBytes } from 'node:crypto'
import { steadyNow } from '@patchbay/service/steady-clock.ts'

export interface Session {
  /** With its profile: `admin@internal`. */
  readonly userId: string
  /** What the token may be used for, in oVirt's words, with blanks between. */
  readonly scope: string
  /** ms since 1970. */
  readonly expiresAt: number
}

export interface Sessions {
  /** Answers the token. */
  open(userId: string, scope: string): { readonly token: string; readonly session: Session }
  /** The session, which then lives on; undefined when there is none, or no longer. */
  use(token: string): Session | undefined
  /** Without making it live on. */
  isOpen(token: string): boolean
  /** Answers the session; undefined where there was none any more. */
  end(token: string): Session | undefined
  /** All of this user's, but for that of the token. */
  endAllOf(userId: string, but?: string): void
}

/** The oldest end beyond this: clients that never log out must not fill the memory. */
const maxSessions = 10_000
/** As long as the real engine's. */
const tokenBytes = 64

/** Kept in memory, as in the real engine: a restart ends all sessions. */
export function createSessions(idleMs: number, clock: () => number = steadyNow): Sessions {
  // By the hash of the token, so that the time of a look-up tells nothing. The one unused for longest comes first.
  const sessions = new Map<string, Session>()
  const renew = (key: string, { userId, scope }: Omit<Session, 'expiresAt'>): Session => {
    const session = { userId, scope, expiresAt: clock() + idleMs }
    sessions.delete(key)
    sessions.set(key, session)
    return session
  }
  const forget = () => {
    for (const [key, { expiresAt }] of sessions) {
      if (expiresAt > clock() && sessions.size <= maxSessions) return
      sessions.delete(key)
    }
  }
  return {
    open(userId, scope) {
      const token = randomBytes(tokenBytes).toString('base64url')
      const session = renew(keyOf(token), { userId, scope })
      forget()
      return { token, session }
    },
    use(token) {
      forget()
      const session = sessions.get(keyOf(token))
      return session && renew(keyOf(token), session)
    },
    isOpen: (token) => (sessions.get(keyOf(token))?.expiresAt ?? 0) > clock(),
    end(token) {
      forget()
      const session = sessions.get(keyOf(token))
      sessions.delete(keyOf(token))
      return session
    },
    endAllOf(userId, but = '') {
      const kept = keyOf(but)
      for (const [key, session] of sessions) if (session.userId === userId && key !== kept) sessions.delete(key)
    },
  }
}

const keyOf = (token: string) => hash('sha256', token, 'base64')
