// A certificate and its key as options name them: two PEM files that belong together.
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
    createSecureContext(files)
    return files
  } catch (error) {
    mistakes.push(`${names}: ${(error as Error).message}`)
    return undefined
  }
}
