// What lies beside the database, in a backup: encrypted with a key from a passphrase.
import { randomBytes, scryptSync } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ConfigurationError } from '@patchbay/service/options.ts'
import { createSecrets } from '../providers/secrets.ts'
import type { SealedFiles } from './backup-file.ts'

/** Path below the data folder → content, base64. */
type Files = Readonly<Record<string, string>>

const patterns = ['secret.key', 'provider-trust.pem', 'pki/*']

export function sealFiles(dataDir: string, passphrase: string): SealedFiles {
  const names = globSync(patterns, { cwd: dataDir }).filter((name) => statSync(join(dataDir, name)).isFile())
  const files: Files = Object.fromEntries(
    names.sort().map((name) => [name, readFileSync(join(dataDir, name)).toString('base64')]),
  )
  const salt = randomBytes(16)
  return { salt: salt.toString('base64'), sealed: secretsOf(passphrase, salt).seal(JSON.stringify(files)) }
}

/** Answers their names. Throws a ConfigurationError, with nothing written, when a file that is there says something else. */
export function unsealFiles({ salt, sealed }: SealedFiles, passphrase: string, dataDir: string): string[] {
  const files = Object.entries(opened(sealed, passphrase, Buffer.from(salt, 'base64')))
  for (const [name, content] of files) {
    const path = join(dataDir, name)
    if (existsSync(path) && readFileSync(path).toString('base64') !== content)
      throw new ConfigurationError(
        `${path} is there and is another one. Move it away, or restore to another --data-dir.`,
      )
  }
  for (const [name, content] of files) {
    mkdirSync(dirname(join(dataDir, name)), { recursive: true, mode: 0o700 })
    writeFileSync(join(dataDir, name), Buffer.from(content, 'base64'), { mode: 0o600 })
  }
  return files.map(([name]) => name)
}

function opened(sealed: string, passphrase: string, salt: Buffer): Files {
  try {
    return JSON.parse(secretsOf(passphrase, salt).open(sealed))
  } catch {
    throw new ConfigurationError('--passphrase-file: the backup was made with another passphrase.')
  }
}

const secretsOf = (passphrase: string, salt: Buffer) => createSecrets(scryptSync(passphrase, salt, 32))
