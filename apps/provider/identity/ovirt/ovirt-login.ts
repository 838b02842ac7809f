// Logging in with an oVirt engine's name and password, or with a token of it, for a project that our rules give the user.
import { hash } from 'node:crypto'
import { IdentityError, unauthorized } from '../api/identity-errors.ts'
import type { Method, Token } from '../tokens/tokens.ts'
import { type ProjectWish, principalOf } from '../users/directory.ts'
import { guarded, type Login } from '../users/login.ts'
import type { LoginGuard } from '../users/login-guard.ts'
import { forProject, type OvirtUsers, partsOf } from './ovirt-users.ts'

/** Logins that wait for the engine at one time; more are refused with 503. */
const maxPending = 64
/** What clients are told of a token without a term: ovirt-provider-ovn's auth-token-timeout. */
const usualLifetimeMs = 360_000_000

export function createOvirtLogin(users: OvirtUsers, guard: LoginGuard, clock: () => number = Date.now): Login {
  let pending = 0
  const bounded = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (pending >= maxPending) throw new IdentityError(503, 'Too many logins are under way. Try again later.')
    pending++
    try {
      return await work()
    } finally {
      pending--
    }
  }
  const issue = async (token: string, project: ProjectWish | undefined, methods: readonly Method[]) => {
    const found = await users.ownerOf(token)
    const principal = found && principalOf(found.account, project)
    if (!principal) throw unauthorized()
    const now = clock()
    const expiresAt = new Date(Math.min(found.expiresAt, now + usualLifetimeMs))
    const auditId = hash('sha256', token, 'base64url').slice(0, 16)
    const shown: Token = { ...principal, methods, auditId, issuedAt: new Date(now), expiresAt }
    return { id: project ? forProject(token, principal.project.id) : token, token: shown }
  }
  return {
    withPassword: ({ name }, password, project, address) =>
      bounded(async () => {
        // The engine's users have no ids here that a client could know before.
        if (name === undefined) throw unauthorized()
        const token = await guarded(guard, name, address, () => users.logIn(name, password))
        return issue(token, project, ['password'])
      }),
    withToken: (text, project) => bounded(() => issue(partsOf(text).token, project, ['token'])),
  }
}
