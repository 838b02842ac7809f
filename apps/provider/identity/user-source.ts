// Where users come from: the one source that the options choose, and the Identity API that goes with it.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { IdentityConfig, OwnUsersConfig } from '../config.ts'
import type { Endpoints } from './api/catalog.ts'
import { registerOvirtIdentity, registerOwnIdentity } from './identity.ts'
import { createKeystoneVerifier } from './keystone/keystone-verifier.ts'
import type { OvirtOptions } from './ovirt/ovirt-options.ts'
import { openOvirtUsers } from './ovirt/ovirt-users.ts'
import { createRemoteVerifier, type RemoteVerifier, usualBounds } from './tokens/remote-verifier.ts'
import { openRevocations } from './tokens/revocations.ts'
import type { TokenVerifier } from './tokens/token-verifier.ts'
import { createTokens, readOrMakeKey } from './tokens/tokens.ts'
import { openOwnUsers } from './users/own-users.ts'

export interface UserSource extends AsyncDisposable {
  readonly verifier: TokenVerifier
  /** Why tokens cannot be checked, or undefined when they can. */
  missing(): string | undefined
  /** The Identity API: to be served here, or the URL of another's. */
  readonly identityApi: IdentityApi | string
}

/** `endpoints` is asked at each request: where the servers listen is known only after they do. */
export type IdentityApi = (app: FastifyInstance, endpoints: () => Endpoints) => void

/** undefined: authentication is off. Does not wait for a service that tokens come from. */
export async function openUserSource(
  config: IdentityConfig | undefined,
  dataDir: string,
): Promise<UserSource | undefined> {
  if (!config) return undefined
  if ('ovirt' in config) return ovirtSource(config.ovirt)
  if (!('keystone' in config)) return ownSource(config, dataDir)
  const verifier = createKeystoneVerifier(config.keystone)
  return { ...asSource(verifier), identityApi: config.keystone.url }
}

async function ownSource(options: OwnUsersConfig, dataDir: string): Promise<UserSource> {
  // With OVN as its backend, nobody else of the provider has files there.
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const revocations = openRevocations(join(dataDir, 'revoked-tokens'))
  const key = readOrMakeKey(join(dataDir, 'token.key'))
  const directory = await openOwnUsers(options.usersFile, options.administrator)
  const tokens = createTokens(key, { lifetimeMs: options.tokenLifetimeMs, revocations })
  return {
    verifier: tokens,
    missing: () => undefined,
    identityApi: (app, endpoints) => registerOwnIdentity(app, { directory, tokens }, endpoints),
    async [Symbol.asyncDispose]() {},
  }
}

function ovirtSource(options: OvirtOptions): UserSource {
  const users = openOvirtUsers(options)
  const verifier = createRemoteVerifier(users, { ...usualBounds, cacheMs: options.cacheMs })
  return { ...asSource(verifier), identityApi: (app, endpoints) => registerOvirtIdentity(app, users, endpoints) }
}

const asSource = (verifier: RemoteVerifier) => ({
  verifier,
  missing: verifier.missing,
  [Symbol.asyncDispose]: () => verifier[Symbol.asyncDispose](),
})
