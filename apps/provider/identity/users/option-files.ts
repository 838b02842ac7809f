// Files that options name: a password, a CA. `option` is how the mistakes call it.
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** Without the line end. */
export function readPassword(file: string, option: string, mistakes: string[]): string | undefined {
  try {
    const password = readFileSync(file, 'utf8').replace(/\r?\n$/, '')
    if (password === '') mistakes.push(`${option}: ${file} is empty`)
    return password
  } catch (error) {
    mistakes.push(`${option}: ${(error as Error).message}`)
    return undefined
  }
}

/** A PEM text with at least one certificate. */
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
