// The engine's own certificate, for its REST API and towards hosts: a new one at each start, and before it ends.
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import type { TlsIdentity } from '@patchbay/vdsm-rpc/tls-identity.ts'
import { type Authority, type Clock, certificateLifeMs } from './authority.ts'

export interface EngineIdentity {
  /** As it is now. */
  tls(): TlsIdentity & { readonly cert: string; readonly key: string }
  /** Answers whether there is a new certificate. */
  renew(): Promise<boolean>
}

/** `names`: names and addresses under which clients reach the engine, at least one. The key is never written down. */
export async function createEngineIdentity(
  authority: Authority,
  names: readonly string[],
  clock: Clock,
): Promise<EngineIdentity> {
  const [name = '', ...alsoNamed] = names
  const key = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  })
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' })
  let issued = await authority.issue(publicKey, { name, alsoNamed })
  return {
    tls: () => ({ ca: authority.ca, cert: issued.pem, key: key as string }),
    async renew() {
      if (issued.notAfter - clock() > certificateLifeMs / 3) return false
      issued = await authority.issue(publicKey, { name, alsoNamed })
      return true
    },
  }
}
