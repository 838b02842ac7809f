// Certificates for tests, made by openssl in a folder that is gone afterwards.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TlsIdentity } from '../tls-identity.ts'

/** One identity for each name, all of a CA of their own. */
export function makeIdentities<Name extends string>(...names: Name[]): Record<Name, TlsIdentity> {
  const folder = mkdtempSync(join(tmpdir(), 'vdsm-rpc-'))
  const file = (name: string) => join(folder, name)
  const openssl = (name: string, ...more: string[]) =>
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
        .concat('-subj', `/CN=${name}`, '-keyout', file(`${name}.key`), '-out', file(`${name}.pem`))
        .concat(more),
      { stdio: 'pipe', timeout: 10_000 },
    )
  try {
    openssl('ca')
    const signedByCa = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-addext', 'basicConstraints=CA:FALSE']
    const identities = names.map((name) => {
      openssl(name, ...signedByCa)
      return [
        name,
        {
          ca: readFileSync(file('ca.pem')),
          cert: readFileSync(file(`${name}.pem`)),
          key: readFileSync(file(`${name}.key`)),
        },
      ]
    })
    return Object.fromEntries(identities)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
