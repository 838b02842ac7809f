// Whose certificates providers and their Identity services may have: the CAs that Node.js trusts, and the imported ones.
import { X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls'
import { Fault } from '../faults.ts'

export interface TrustStore {
  /** What it is now, also when another process or an administrator changed the file. */
  context(): SecureContext
  /** Trusts a certificate from now on, and whatever it signed. It may be trusted already. Throws PROVIDER_IMPORT_CERTIFICATE_ERROR. */
  add(certificate: X509Certificate): void
}

export function createTrustStore(path: string): TrustStore {
  let known: { readonly text: string; readonly context: SecureContext } | undefined
  const read = () => (existsSync(path) ? readFileSync(path, 'utf8') : '')
  return {
    context() {
      const text = read()
      if (known?.text === text) return known.context
      const ca = [...getCACertificates('default'), ...certificatesIn(text)]
      // A certificate that is trusted need not be self-signed: it may be all that a server shows.
      known = { text, context: createSecureContext({ ca, allowPartialTrustChain: true }) }
      return known.context
    },
    add(certificate) {
      const text = read()
      const isThere = certificatesIn(text).some(
        (pem) => new X509Certificate(pem).fingerprint256 === certificate.fingerprint256,
      )
      if (!isThere) writeWhole(path, `${text}# ${certificate.subject.replaceAll('\n', ', ')}\n${certificate}`)
    },
  }
}

const certificatesIn = (text: string) =>
  text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []

/** Complete or as it was, whenever the engine dies. */
function writeWhole(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(`${path}.new`, text, { mode: 0o644, flush: true })
    renameSync(`${path}.new`, path)
  } catch (error) {
    throw new Fault('PROVIDER_IMPORT_CERTIFICATE_ERROR', { reason: (error as Error).message })
  }
}

/** A certificate as clients send it: base64 of DER or of a PEM text, or the PEM text as it is. */
export function parseCertificate(content: string): X509Certificate {
  const bytes = content.includes('-----BEGIN') ? content : Buffer.from(content, 'base64')
  try {
    return new X509Certificate(bytes)
  } catch {
    throw new Fault('PROVIDER_IMPORT_CERTIFICATE_ERROR', {
      reason: 'the content must be a certificate: base64 of DER, or of a PEM text',
    })
  }
}
