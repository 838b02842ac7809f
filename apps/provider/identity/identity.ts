// The Identity API that the provider serves, put together: logins, guard against guessing, both versions.
import type { FastifyInstance } from 'fastify'
import type { Endpoints } from './api/catalog.ts'
import { registerIdentityErrors } from './api/identity-errors.ts'
import { registerV2 } from './api/v2-routes.ts'
import { registerV3, registerV3Login } from './api/v3-routes.ts'
import { registerIdentityVersions } from './api/versions.ts'
import { createOvirtLogin } from './ovirt/ovirt-login.ts'
import type { OvirtUsers } from './ovirt/ovirt-users.ts'
import type { Tokens } from './tokens/tokens.ts'
import type { Directory } from './users/directory.ts'
import { createLogin } from './users/login.ts'
import { createLoginGuard } from './users/login-guard.ts'

/** For the provider's own users. */
export function registerOwnIdentity(
  app: FastifyInstance,
  { directory, tokens }: { readonly directory: Directory; readonly tokens: Tokens },
  endpoints: () => Endpoints,
): void {
  const login = createLogin({ directory, tokens, guard: createLoginGuard() })
  registerIdentityErrors(app)
  registerIdentityVersions(app, () => endpoints().identity)
  registerV2(app, login, endpoints)
  registerV3(app, { directory, login, tokens, endpoints })
}

/** For the users of an oVirt engine: logins and nothing else. What there is to know about users, the engine tells. */
export function registerOvirtIdentity(app: FastifyInstance, users: OvirtUsers, endpoints: () => Endpoints): void {
  const login = createOvirtLogin(users, createLoginGuard())
  registerIdentityErrors(app)
  registerIdentityVersions(app, () => endpoints().identity)
  registerV2(app, login, endpoints)
  registerV3Login(app, login, endpoints)
}
