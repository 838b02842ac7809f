// The folder with the host's key and certificate, as enrolment makes it and the engine keeps it up to date.
import 'reflect-metadata'
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TlsIdentity } from '@patchbay/vdsm-rpc/tls-identity.ts'
import { X509Certificate as ParsedCertificate, X509Crl } from '@peculiar/x509'

/** PEM texts from the engine. */
export interface CertificateUpdate {
  /** For the same key. Without it, the host keeps the one it has. */
  readonly certificate?: string | undefined
  readonly revocations: string
}

export interface HostPki {
  /** As it is now: to be read for each connection, never kept. */
  readonly identity: TlsIdentity
  /** Writes down and takes what comes from the CA; throws, and changes nothing, when anything in it does not. */
  update(given: CertificateUpdate): Promise<void>
}

export const pkiFiles = (dir: string) => ({
  ca: join(dir, 'ca.pem'),
  cert: join(dir, 'cert.pem'),
  key: join(dir, 'key.pem'),
  crl: join(dir, 'crl.pem'),
})

/** Throws when the folder is not that of an enrolled host: which file, and why. */
export function openHostPki(dir: string): HostPki {
  const files = pkiFiles(dir)
  const identity = readIdentity(files)
  const { ca, key } = identity
  return {
    identity,
    async update({ certificate = identity.cert, revocations }) {
      checkCertificate(certificate, { ca, key })
      await checkRevocations(revocations, { ca, before: identity.crl })
      if (revocations !== identity.crl) writeWhole(files.crl, revocations)
      if (certificate !== identity.cert) writeWhole(files.cert, certificate)
      Object.assign(identity, { cert: certificate, crl: revocations })
    },
  }
}

/** All are tried: with files that do not fit, it is every connection that fails, and nobody is told why. */
function readIdentity(files: ReturnType<typeof pkiFiles>) {
  const [ca, issuer] = readPem(files.ca, 'certificate', (pem) => new ParsedCertificate(pem))
  const key = readKey(files.key)
  const [cert, certificate] = readPem(files.cert, 'certificate', (pem) => new X509Certificate(pem))
  const [crl, list] = readPem(files.crl, 'list of revoked certificates', (pem) => new X509Crl(pem))
  try {
    checkCertificate(cert, { ca, key })
  } catch (cause) {
    throw new Error(`${files.cert}: ${(cause as Error).message}`, { cause })
  }
  if (certificate.validToDate.getTime() <= Date.now())
    throw new Error(`${files.cert}: the certificate ended on ${certificate.validTo}`)
  // Its signature is for TLS to check, which finds the list by this name.
  if (list.issuer !== issuer.subject)
    throw new Error(`${files.crl}: the list of revoked certificates does not come from this host's CA`)
  return { ca, key, cert, crl }
}

/** One that is broken is not replaced without being asked: it may be repaired, and the certificate is for it. */
function readKey(path: string): string {
  return readPem(path, 'private key: remove it if it cannot be restored', createPrivateKey)[0]
}

function readPem<Parsed>(path: string, what: string, parse: (pem: string) => Parsed): [pem: string, parsed: Parsed] {
  const pem = readFileSync(path, 'utf8')
  try {
    return [pem, parse(pem)]
  } catch (cause) {
    throw new Error(`${path} holds no ${what}`, { cause })
  }
}

/** The host's key (PEM), made at the first call: it stays the same when enrolment is tried again. */
export function readOrMakeKey(dir: string): string {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const path = pkiFiles(dir).key
  if (!existsSync(path)) {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    writeWhole(path, privateKey.export({ type: 'pkcs8', format: 'pem' }) as string)
  }
  return readKey(path)
}

/** Complete or not there, whenever the agent dies. */
export function writeWhole(path: string, content: string): void {
  writeFileSync(`${path}.new`, content, { mode: 0o600, flush: true })
  renameSync(`${path}.new`, path)
}

/** Throws unless this CA signed it, for this key. */
export function checkCertificate(pem: string, { ca, key }: { ca: string; key: string }): void {
  const certificate = new X509Certificate(pem)
  const issuer = new X509Certificate(ca)
  if (!certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey))
    throw new Error("the certificate does not come from this host's CA")
  if (!certificate.checkPrivateKey(createPrivateKey(key))) throw new Error('the certificate is for another key')
}

/** An older list would bring back what was revoked since. */
async function checkRevocations(pem: string, { ca, before }: { ca: string; before: string }): Promise<void> {
  const list = new X509Crl(pem)
  if (!(await list.verify({ publicKey: new ParsedCertificate(ca) })))
    throw new Error("the list of revoked certificates does not come from this host's CA")
  if (list.thisUpdate < new X509Crl(before).thisUpdate)
    throw new Error('the list of revoked certificates is older than the one that is there')
}
