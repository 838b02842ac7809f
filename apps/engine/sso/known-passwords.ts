// Passwords that were right a moment ago. To check one against its hash is slow on purpose, and HTTP Basic brings it with
// every request.
import { createHmac, randomBytes } from 'node:crypto'
import { hashPassword, verifyPassword } from '@patchbay/service/password-hash.ts'

export interface KnownPasswords {
  /** `hash` '': is wrong, and takes as long. */
  isRight(password: string, hash: string): Promise<boolean>
  /** What is asked again while it is being found out gets the same answer. */
  once<Result>(question: readonly string[], answer: () => Promise<Result>): Promise<Result>
}

/** The one that was used first is forgotten beyond this. */
const mostKnown = 1_000
const mostCharacters = 1_024

export function createKnownPasswords(): KnownPasswords {
  const key = randomBytes(32)
  const digest = (parts: readonly string[]) => createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64')
  const right = new Set<string>()
  const asked = new Map<string, Promise<unknown>>()
  let absent: Promise<string> | undefined
  return {
    async isRight(password, hash) {
      if (password.length > mostCharacters) return false
      const name = digest([hash, password])
      if (right.has(name)) return true
      absent ??= hashPassword(randomBytes(16).toString('hex'))
      if (!(await verifyPassword(password, hash || (await absent)))) return false
      right.add(name)
      if (right.size > mostKnown) right.delete(right.values().next().value!)
      return true
    },
    once<Result>(question: readonly string[], answer: () => Promise<Result>): Promise<Result> {
      const name = digest(question)
      const known = asked.get(name) as Promise<Result> | undefined
      if (known) return known
      const answered = answer().finally(() => asked.delete(name))
      asked.set(name, answered)
      return answered
    },
  }
}
