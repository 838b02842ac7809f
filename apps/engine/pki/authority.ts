// The engine's own CA: made at the first start, signs certificates of hosts and of the engine, and lists the revoked.
import 'reflect-metadata'
import { createPrivateKey, generateKeyPairSync, randomBytes, webcrypto, X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'

/** Milliseconds since 1970. */
export type Clock = () => number

export interface Subject {
  /** Common name, and a name that clients may look for. */
  readonly name: string
  /** Further names and addresses. */
  readonly alsoNamed: readonly string[]
  /** `urn:uuid:…` of the host. */
  readonly uri?: string
}

export interface Issued {
  /** Hexadecimal. */
  readonly serial: string
  readonly pem: string
  /** ms since 1970. */
  readonly notAfter: number
}

export interface Revocation {
  readonly serial: string
  /** ms since 1970. */
  readonly at: number
}

export interface Authority {
  /** PEM. */
  readonly ca: string
  /** SHA-256 of the CA's certificate: hexadecimal pairs with colons. */
  readonly fingerprint: string
  /** Signs for what holds the private half of `publicKey` (SPKI, DER). */
  issue(publicKey: Buffer, subject: Subject): Promise<Issued>
  /** PEM. */
  listRevoked(revocations: readonly Revocation[]): Promise<string>
}

const dayMs = 24 * 3_600_000
const caLifeMs = 3650 * dayMs
export const certificateLifeMs = 90 * dayMs
/** Clocks of hosts may be behind. */
const skewMs = 3_600_000
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** Reads `ca.pem` and `ca.key` (0600) of this folder, or makes them. Throws when they do not belong together. */
export async function openAuthority(dir: string, clock: Clock): Promise<Authority> {
  const keyPem = readOrMakeKey(dir)
  const key = await signingKey(keyPem)
  const path = join(dir, 'ca.pem')
  if (!existsSync(path)) writeWhole(path, await selfSigned(keyPem, key, clock), 0o644)
  const pem = readFileSync(path, 'utf8')
  const certificate = new X509Certificate(pem)
  if (!certificate.checkPrivateKey(createPrivateKey(keyPem)) || !certificate.ca)
    throw new Error(`${path} is not a CA's certificate for the key in ca.key: restore both from the same backup`)
  const issuer = new x509.X509Certificate(pem)
  return {
    ca: pem,
    fingerprint: certificate.fingerprint256,
    issue: (publicKey, subject) => issue(issuer, key, publicKey, subject, clock),
    async listRevoked(revocations) {
      const list = await x509.X509CrlGenerator.create({
        issuer: issuer.subjectName,
        thisUpdate: new Date(clock()),
        // A list is replaced when the engine says so. One that ended by itself would lock the engine out, too.
        nextUpdate: issuer.notAfter,
        entries: revocations.map(({ serial, at }) => ({ serialNumber: serial, revocationDate: new Date(at) })),
        signingAlgorithm: algorithm,
        signingKey: key,
      })
      // The label that OpenSSL looks for; the library writes CRL.
      return x509.PemConverter.encode(list.rawData, 'X509 CRL')
    },
  }
}

function readOrMakeKey(dir: string): string {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const path = join(dir, 'ca.key')
  if (!existsSync(path)) {
    if (existsSync(join(dir, 'ca.pem'))) throw new Error(`${path} is missing beside ca.pem: restore it from a backup`)
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    writeWhole(path, privateKey.export({ type: 'pkcs8', format: 'pem' }) as string, 0o600)
  }
  return readFileSync(path, 'utf8')
}

/** Complete or not there, whenever the engine dies. */
function writeWhole(path: string, content: string, mode: number): void {
  writeFileSync(`${path}.new`, content, { mode, flush: true })
  renameSync(`${path}.new`, path)
}

function signingKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' })
  return webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign'])
}

async function selfSigned(keyPem: string, signer: webcrypto.CryptoKey, clock: Clock): Promise<string> {
  const { publicKey } = await keyPairOf(keyPem, signer)
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: `CN=Patchbay CA ${randomBytes(4).toString('hex')}, O=Patchbay`,
    notBefore: new Date(clock() - skewMs),
    notAfter: new Date(clock() + caLifeMs),
    keys: { publicKey, privateKey: signer },
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
    ],
  })
  return certificate.toString('pem')
}

async function keyPairOf(pem: string, privateKey: webcrypto.CryptoKey): Promise<webcrypto.CryptoKeyPair> {
  const {
    d: _private,
    key_ops: _uses,
    ...jwk
  } = createPrivateKey(pem).export({ format: 'jwk' }) as webcrypto.JsonWebKey
  return { privateKey, publicKey: await webcrypto.subtle.importKey('jwk', jwk, algorithm, true, ['verify']) }
}

async function issue(
  issuer: x509.X509Certificate,
  signer: webcrypto.CryptoKey,
  publicKey: Buffer,
  { name, alsoNamed, uri }: Subject,
  clock: Clock,
): Promise<Issued> {
  const serial = newSerial()
  const notAfter = Math.min(clock() + certificateLifeMs, issuer.notAfter.getTime())
  const names = [...new Set([name, ...alsoNamed])].map((given) => ({
    type: isIP(given) ? ('ip' as const) : ('dns' as const),
    value: given,
  }))
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial,
    subject: new x509.Name([{ CN: [name] }, { O: ['Patchbay'] }]),
    issuer: issuer.subjectName,
    notBefore: new Date(clock() - skewMs),
    notAfter: new Date(notAfter),
    publicKey: new x509.PublicKey(publicKey),
    signingKey: signer,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      // libvirtd does not start with a certificate for signatures alone, whatever its key.
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment, true),
      // Hosts are both: VDSM's server, and a client of each other.
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
      new x509.SubjectAlternativeNameExtension(uri ? [...names, { type: 'url', value: uri }] : names),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  })
  return { serial, pem: certificate.toString('pem'), notAfter }
}

/** Positive, and of full length (RFC 5280, 4.1.2.2: at most 20 octets). */
function newSerial(): string {
  const bytes = randomBytes(16)
  bytes[0] = (bytes[0]! & 0x3f) | 0x40
  return bytes.toString('hex')
}
