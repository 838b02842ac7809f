// Certificates as options name them: a certificate and its key in two PEM files that belong together, and CAs.
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'

/** PEM texts. */
export interface TlsFiles {
  readonly cert: string
  readonly key: string
}

/** Reads the files and tries them. `names` is how the mistakes call the two options. */
export function readTlsFiles(
  cert: string | undefined,
  key: string | undefined,
  names: string,
  mistakes: string[],
): TlsFiles | undefined {
  if (cert === undefined && key === undefined) return undefined
  if (cert === undefined || key === undefined) {
    mistakes.push(`${names} belong together`)
    return undefined
  }
  try {
    const files = { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }
    // Of empty files, a context is made all the same.
    new X509Certificate(files.cert)
    createSecureContext(files)
    return files
  } catch (error) {
    mistakes.push(`${names}: ${(error as Error).message}`)
    return undefined
  }
}

/** A PEM text with at least one certificate. `option` is how the mistakes call it. */
export function readCa(file: string, option: string, mistakes: string[]): string | undefined {
  try {
    const ca = readFileSync(file, 'utf8')
    new X509Certificate(ca)
    return ca
  } catch (error) {
    mistakes.push(`${option}: ${file}: ${(error as Error).message}`)
    return undefined
  }
}
