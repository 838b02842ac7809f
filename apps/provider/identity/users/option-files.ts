// Files with passwords that options name. `option` is how the mistakes call it.
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
