// A provider for tests whose certificate is of a CA that nobody trusts yet.
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { startTestProvider } from '../../provider/testing/test-provider.ts'
import { openAuthority } from '../pki/authority.ts'

const password = 'right'

/** A provider with an Identity service, both with a certificate for this name; and the CA that signed it. */
export async function startTlsProvider(t: TestContext, name = '127.0.0.1', withChain = true) {
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-tls-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const authority = await openAuthority(dir, Date.now)
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const { pem } = await authority.issue(publicKey.export({ type: 'spki', format: 'der' }), { name, alsoNamed: [] })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  const cert = withChain ? `${pem}\n${authority.ca}` : pem
  const provider = await startTestProvider(t, {
    tls: { cert, key },
    administrator: { name: 'admin', password },
  })
  const values = {
    name: 'sdn',
    type: 'external',
    url: provider.url,
    requires_authentication: 'true',
    username: 'admin',
    password,
    authentication_url: provider.identityUrl!,
  }
  return { values, ca: authority.ca, own: pem }
}
