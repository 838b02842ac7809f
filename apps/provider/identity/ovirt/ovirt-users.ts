// The users of an oVirt engine: logged in by its SSO, known by its tokens, with the roles that our rules give them.

import { watchService } from '../service-watch.ts'
import { type Inquiry, type InquiryBounds, usualBounds } from '../tokens/remote-verifier.ts'
import type { Account } from '../users/directory.ts'
import { principalOf } from '../users/directory.ts'
import { createOvirtClient } from './ovirt-client.ts'
import type { OvirtOptions } from './ovirt-options.ts'
import { accountOf } from './ovirt-rules.ts'

export interface OvirtUsers extends Inquiry {
  /** The engine's token; undefined: the name or the password is wrong. */
  logIn(name: string, password: string): Promise<string | undefined>
  /** Whose token it is; undefined: it is unknown, or has ended. `expiresAt` as in RemoteToken. */
  ownerOf(token: string): Promise<{ readonly account: Account; readonly expiresAt: number } | undefined>
}

/** An engine asks other directories on its part, which takes time. Two calls fit into the 30 s that it waits for us. */
const patientBounds: InquiryBounds = { ...usualBounds, timeoutMs: 10_000 }

/** Returns at once, whether the engine answers or not: `missing()` tells. */
export function openOvirtUsers(options: OvirtOptions, bounds = patientBounds): OvirtUsers {
  const client = createOvirtClient(options, bounds.timeoutMs)
  // No token is this text: an engine that says so is well.
  const watch = watchService(
    `The oVirt engine at ${options.url}`,
    () => client.look('is-anybody-there'),
    bounds.retryMs,
  )
  const ownerOf = async (token: string) => {
    const info = await watch.see(client.look(token))
    if (info === 'unknown') return undefined
    return { account: accountOf(options.rules, info), expiresAt: info.expiresAt }
  }
  return {
    logIn: (name, password) => watch.see(client.logIn(name, password)),
    ownerOf,
    async about(text) {
      const { token, projectId } = partsOf(text)
      const found = await ownerOf(token)
      if (!found) return 'unknown'
      const principal = principalOf(found.account, projectId === undefined ? undefined : { id: projectId })
      return { principal, expiresAt: found.expiresAt }
    },
    missing: watch.missing,
    async [Symbol.asyncDispose]() {
      watch[Symbol.dispose]()
      await client.close()
    },
  }
}

/** A token of the engine speaks for no project. Ours names one behind a colon; alone, it is for the user's first. */
export const forProject = (token: string, projectId: string) => `${token}:${projectId}`

export function partsOf(text: string): { readonly token: string; readonly projectId: string | undefined } {
  const colon = text.indexOf(':')
  if (colon < 0) return { token: text, projectId: undefined }
  return { token: text.slice(0, colon), projectId: text.slice(colon + 1) }
}
