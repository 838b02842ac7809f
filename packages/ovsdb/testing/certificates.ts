// Certificates for tests, made by openssl in a folder that is gone with the test.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { TlsIdentity } from '../transport/open-socket.ts'

export interface TestIdentity extends TlsIdentity {
  /** ovsdb-server's options for it. */
  readonly args: readonly string[]
}

/** One identity for each name, all of a CA of their own; 127.0.0.1 is a name of each. */
export function makeIdentities<Name extends string>(t: TestContext, ...names: Name[]): Record<Name, TestIdentity> {
  const folder = mkdtempSync(join(tmpdir(), 'ovsdb-tls-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = (name: string) => join(folder, name)
  makeCertificate(file, 'ca')
  const signed = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-addext', 'basicConstraints=CA:FALSE']
  const identities = names.map((name) => {
    makeCertificate(file, name, ...signed, '-addext', 'subjectAltName=IP:127.0.0.1')
    const files = { ca: file('ca.pem'), cert: file(`${name}.pem`), key: file(`${name}.key`) }
    const args = [`--ca-cert=${files.ca}`, `--certificate=${files.cert}`, `--private-key=${files.key}`]
    return [name, { ca: readFileSync(files.ca), cert: readFileSync(files.cert), key: readFileSync(files.key), args }]
  })
  return Object.fromEntries(identities)
}

function makeCertificate(file: (name: string) => string, name: string, ...more: string[]): void {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', file(`${name}.key`)]
  const subject = ['-x509', '-days', '2', '-subj', `/CN=${name}`, '-out', file(`${name}.pem`)]
  execFileSync('openssl', ['req', ...key, ...subject, ...more], { stdio: 'pipe', timeout: 10_000 })
}
