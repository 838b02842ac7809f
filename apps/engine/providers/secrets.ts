// Passwords at rest: encrypted with a key that lies beside the database, never in it.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

export interface Secrets {
  seal(plain: string): string
  /** Throws when the text was sealed with another key, or altered. */
  open(sealed: string): string
}

const algorithm = 'aes-256-gcm'
const keyBytes = 32

export function createSecrets(key: Buffer): Secrets {
  return {
    seal(plain) {
      const iv = randomBytes(12)
      const cipher = createCipheriv(algorithm, key, iv)
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64')
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64')
      const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, 12)).setAuthTag(bytes.subarray(12, 28))
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
    },
  }
}

/** The key in this file, made at the first start. Throws when the file holds something else. */
export function readOrMakeSecretKey(path: string): Buffer {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  if (!existsSync(path)) {
    // Complete or not there: a key that a crash cut short would make every password unreadable.
    writeFileSync(`${path}.new`, randomBytes(keyBytes), { mode: 0o600 })
    renameSync(`${path}.new`, path)
  }
  const key = readFileSync(path)
  if (key.length !== keyBytes)
    throw new Error(
      `${path} holds ${key.length} bytes, a key has ${keyBytes}: restore it, or remove it and set the passwords of all providers again`,
    )
  return key
}
