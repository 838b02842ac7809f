// Logging in: a password or an older token becomes a new token for a project.

import { IdentityError, unauthorized } from '../api/identity-errors.ts'
import type { Method, Token, Tokens } from '../tokens/tokens.ts'
import type { Account, Directory, ProjectWish } from './directory.ts'
import { principalOf } from './directory.ts'
import type { LoginGuard } from './login-guard.ts'

export interface Login {
  withPassword(
    user: { readonly name?: string; readonly id?: string },
    password: string,
    project: ProjectWish | undefined,
    address: string,
  ): Promise<{ id: string; token: Token }>
  /** Throws 401 unless the token is valid and its user still exists. */
  withToken(tokenId: string, project: ProjectWish | undefined): Promise<{ id: string; token: Token }>
}

export function createLogin({
  directory,
  tokens,
  guard,
}: {
  directory: Directory
  tokens: Tokens
  guard: LoginGuard
}): Login {
  const issue = (account: Account, project: ProjectWish | undefined, methods: readonly Method[], until?: Date) => {
    const principal = principalOf(account, project)
    if (!principal) throw unauthorized()
    return tokens.issue(principal, methods, until)
  }
  return {
    async withPassword(user, password, project, address) {
      const who = user.id ?? user.name ?? ''
      const account = await guarded(guard, who, address, () => directory.authenticate(user, password))
      return issue(account, project, ['password'])
    },
    async withToken(tokenId, project) {
      const token = tokens.verify(tokenId)
      const account = token && directory.account(token.user.id)
      if (!token || !account) throw unauthorized()
      return issue(
        account,
        project,
        ['token', ...token.methods.filter((method) => method !== 'token')],
        token.expiresAt,
      )
    },
  }
}

/** What `authenticate` finds. Throws 401 where it finds nobody, 429 while too many such attempts are paid for. */
export async function guarded<Found>(
  guard: LoginGuard,
  who: string,
  address: string,
  authenticate: () => Promise<Found | undefined>,
): Promise<Found> {
  const retryAfterSeconds = guard.waitSeconds(who, address)
  if (retryAfterSeconds > 0)
    throw new IdentityError(429, `Too many failed logins. Try again in ${retryAfterSeconds} s.`, { retryAfterSeconds })
  const found = await authenticate()
  if (found === undefined) {
    guard.failed(who, address)
    throw unauthorized()
  }
  guard.succeeded(who, address)
  return found
}
