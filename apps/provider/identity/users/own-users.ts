// The provider's own users: a JSON file with hashed passwords, changed by `patchbay provider user` also while it serves.
import { createHash } from 'node:crypto'
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { hashPassword, verifyPassword } from '@patchbay/service/password-hash.ts'
import { type Role, roles } from '../principal.ts'
import type { Account, Directory } from './directory.ts'

/** One user as the file has it. */
export interface UserEntry {
  readonly name: string
  readonly passwordHash: string
  /** Project name → roles in it. */
  readonly projects: Readonly<Record<string, readonly Role[]>>
}

export interface BootstrapAdministrator {
  readonly name: string
  readonly password: string
}

/** Users of the file, and the administrator that the options name (first, and not written to the file). */
export async function openOwnUsers(
  file: string,
  administrator: BootstrapAdministrator | undefined,
): Promise<Directory> {
  const first: UserEntry[] = administrator
    ? [
        {
          name: administrator.name,
          passwordHash: await hashPassword(administrator.password),
          projects: { admin: ['admin'] },
        },
      ]
    : []
  const decoy = await hashPassword('nobody has this password')
  const current = watched(file, (entries) => [...first, ...entries.filter(({ name }) => name !== administrator?.name)])
  const accounts = () => current().map(toAccount)
  return {
    accounts,
    account: (id) => accounts().find((account) => account.id === id),
    async authenticate({ name, id }, password) {
      const entry = current().find((each) => (id === undefined ? each.name === name : idOf('user', each.name) === id))
      const right = await verifyPassword(password, entry?.passwordHash ?? decoy)
      return right && entry ? toAccount(entry) : undefined
    },
  }
}

/** The users in the file; none when there is no file. Throws when it is not what we wrote. */
export function readUsers(file: string): UserEntry[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  const { users } = JSON.parse(text) as { users?: unknown }
  if (!Array.isArray(users) || !users.every(isEntry)) throw new Error(`${file} is not a file of users`)
  return users
}

/** Replaces the file in one step; nobody but its owner may read it. */
export function writeUsers(file: string, users: readonly UserEntry[]): void {
  writeFileSync(`${file}.new`, `${JSON.stringify({ users }, null, 2)}\n`, { mode: 0o600, flush: true })
  renameSync(`${file}.new`, file)
}

/** Ids follow from names, so that they are the same on every replica of the provider. */
export function idOf(kind: 'user' | 'project', name: string): string {
  return createHash('sha256').update(`${kind}:${name}`).digest('hex').slice(0, 32)
}

function toAccount({ name, projects }: UserEntry): Account {
  const assignments = Object.entries(projects).map(([project, given]) => ({
    project: { id: idOf('project', project), name: project },
    roles: given,
  }))
  return { id: idOf('user', name), name, assignments }
}

/** Reads the file again when it has changed; a look at its time is cheap enough for every login. */
function watched(file: string, merge: (entries: UserEntry[]) => UserEntry[]): () => UserEntry[] {
  let seen = ''
  let entries = merge([])
  return () => {
    const { mtimeMs, ino } = statSync(file, { throwIfNoEntry: false }) ?? { mtimeMs: 0, ino: 0 }
    if (seen !== `${ino}:${mtimeMs}`) {
      entries = merge(readUsers(file))
      seen = `${ino}:${mtimeMs}`
    }
    return entries
  }
}

function isEntry(value: unknown): value is UserEntry {
  const { name, passwordHash, projects } = (value ?? {}) as Record<string, unknown>
  const isRoles = (given: unknown) => Array.isArray(given) && given.every((role) => roles.includes(role))
  return (
    typeof name === 'string' &&
    typeof passwordHash === 'string' &&
    typeof projects === 'object' &&
    projects !== null &&
    Object.values(projects).every(isRoles)
  )
}
