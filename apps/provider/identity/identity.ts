// The provider's own Identity service, put together: users, tokens, guard against guessing, both versions of the API.
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Endpoints } from './catalog.ts'
import type { Directory } from './directory.ts'
import { registerIdentityErrors } from './identity-errors.ts'
import { createLogin } from './login.ts'
import { createLoginGuard } from './login-guard.ts'
import { type BootstrapAdministrator, openOwnUsers } from './own-users.ts'
import { openRevocations } from './revocations.ts'
import { createTokens, readOrMakeKey, type Tokens } from './tokens.ts'
import { registerV2 } from './v2-routes.ts'
import { registerV3 } from './v3-routes.ts'
import { registerIdentityVersions } from './versions.ts'

export interface Identity {
  readonly directory: Directory
  readonly tokens: Tokens
}

export interface IdentityOptions {
  readonly dataDir: string
  readonly usersFile: string
  readonly administrator: BootstrapAdministrator | undefined
  readonly tokenLifetimeMs: number
}

export async function openIdentity(options: IdentityOptions): Promise<Identity> {
  const revocations = openRevocations(join(options.dataDir, 'revoked-tokens'))
  const key = readOrMakeKey(join(options.dataDir, 'token.key'))
  return {
    directory: await openOwnUsers(options.usersFile, options.administrator),
    tokens: createTokens(key, { lifetimeMs: options.tokenLifetimeMs, revocations }),
  }
}

/** `endpoints` is asked at each request: where the servers listen is known only after they do. */
export function registerIdentity(
  app: FastifyInstance,
  { directory, tokens }: Identity,
  endpoints: () => Endpoints,
): void {
  const login = createLogin({ directory, tokens, guard: createLoginGuard() })
  registerIdentityErrors(app)
  registerIdentityVersions(app, () => endpoints().identity)
  registerV2(app, login, endpoints)
  registerV3(app, { directory, login, tokens, endpoints })
}
