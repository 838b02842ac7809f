// A host's first certificate: its key stays here, a one-time token and a signed request go to the engine.
import 'reflect-metadata'
import { createPrivateKey, createPublicKey, webcrypto, X509Certificate } from 'node:crypto'
import { request } from 'node:https'
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509'
import { checkCertificate, pkiFiles, readOrMakeKey, writeWhole } from './host-pki.ts'

export interface EnrolmentOptions {
  /** `https://engine.example.com:8080`. */
  readonly engine: URL
  readonly token: string
  /** SHA-256 of the CA's certificate in hexadecimal, with or without colons. */
  readonly caFingerprint: string
  readonly dir: string
}

/** The engine refused, or is not the one that was meant. */
export class EnrolmentRefused extends Error {}

interface Answer {
  readonly certificate: string
  readonly revocations: string
}

const timeoutMs = 30_000
const mostBytes = 1_048_576
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/**
 * Leaves `ca.pem`, `key.pem`, `crl.pem` and `cert.pem` (last) in the folder. May be repeated with the same token when
 * the answer was lost: the key is kept, and the engine gives the same certificate for it.
 */
export async function enrol({ engine, token, caFingerprint, dir }: EnrolmentOptions): Promise<void> {
  if (engine.protocol !== 'https:') throw new EnrolmentRefused(`${engine.origin} is not https: the token would be seen`)
  const ca = await trustedCa(engine, caFingerprint)
  const key = readOrMakeKey(dir)
  const body = JSON.stringify({ token, request: await signedRequest(key) })
  const text = await ask(engine, '/ovirt-engine/services/host-enrolment', { ca, body })
  const { certificate, revocations } = JSON.parse(text) as Answer
  checkCertificate(certificate, { ca, key })
  const files = pkiFiles(dir)
  writeWhole(files.ca, ca)
  writeWhole(files.crl, revocations)
  writeWhole(files.cert, certificate)
}

/** Fetched from anybody, and believed because of its fingerprint. Nothing secret is sent. */
async function trustedCa(engine: URL, fingerprint: string): Promise<string> {
  const path = '/ovirt-engine/services/pki-resource?resource=ca-certificate&format=X509-PEM-CA'
  const pem = await ask(engine, path, {})
  const plain = (text: string) => text.replaceAll(':', '').trim().toLowerCase()
  const found = new X509Certificate(pem).fingerprint256
  if (plain(found) !== plain(fingerprint))
    throw new EnrolmentRefused(`the CA of ${engine.origin} has the fingerprint ${found}, not the one that was given`)
  return pem
}

/** PKCS #10, PEM. The engine chooses the names: those in here do not matter. */
export async function signedRequest(keyPem: string): Promise<string> {
  const key = createPrivateKey(keyPem)
  const der = {
    pkcs8: key.export({ type: 'pkcs8', format: 'der' }),
    spki: createPublicKey(key).export({ type: 'spki', format: 'der' }),
  }
  const privateKey = await webcrypto.subtle.importKey('pkcs8', der.pkcs8, algorithm, false, ['sign'])
  const publicKey = await webcrypto.subtle.importKey('spki', der.spki, algorithm, true, ['verify'])
  const signed = await Pkcs10CertificateRequestGenerator.create({
    name: 'CN=host',
    keys: { privateKey, publicKey },
    signingAlgorithm: algorithm,
  })
  return signed.toString('pem')
}

/** The text of a success. `ca`: the only one that is trusted; without it anybody is. */
function ask(engine: URL, path: string, { ca, body }: { ca?: string; body?: string }): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const asked = request(
    new URL(path, engine),
    {
      method: body === undefined ? 'GET' : 'POST',
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
      ...(ca === undefined ? { rejectUnauthorized: false } : { ca }),
    },
    (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
        if (text.length > mostBytes) response.destroy(new Error('the answer is too long'))
      })
      response.on('error', reject)
      response.on('end', () => {
        if (response.statusCode === 200) resolve(text)
        else reject(new EnrolmentRefused(`${engine.origin} refused: ${reasonOf(text)} (${response.statusCode})`))
      })
    },
  )
  asked.on('error', (cause) => reject(new Error(`${engine.origin}: ${cause.message}`, { cause })))
  asked.end(body)
  return promise
}

function reasonOf(text: string): string {
  try {
    return String((JSON.parse(text) as { detail?: unknown }).detail).slice(0, 500)
  } catch {
    return 'its answer is not that of an engine'
  }
}
