// A certificate of a server for tests, of a CA that nobody trusts yet.
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { openAuthority } from '../pki/authority.ts'

/** All in PEM. */
export async function serverCertificate(t: TestContext, name: string) {
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-tls-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const authority = await openAuthority(dir, Date.now)
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const { pem } = await authority.issue(publicKey.export({ type: 'spki', format: 'der' }), { name, alsoNamed: [] })
  return { cert: pem, key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string, ca: authority.ca }
}
