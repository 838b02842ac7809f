#!/usr/bin/env node
// `patchbay provider user`: the users in the provider's file. A provider that serves sees the change at the next login.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { hashPassword } from '@patchbay/service/password-hash.ts'
import { type Role, roles } from './identity/principal.ts'
import { readUsers, type UserEntry, writeUsers } from './identity/users/own-users.ts'

const help = `The provider's users.

Usage: patchbay provider user list
       patchbay provider user add NAME --password-file FILE [--project NAME] [--role admin|member|reader]
       patchbay provider user password NAME --password-file FILE
       patchbay provider user remove NAME

  --project NAME        project of the role (default: the user's name)
  --role ROLE           what the user may do in it (default: member)
  --password-file FILE  file with the password; - for standard input
  --data-dir DIR        folder of the provider's state (default: /var/lib/patchbay/provider)
  --users-file FILE     the file itself, where it is not users.json in that folder

Adding a user that exists gives it another project.
`

class Refused extends Error {}

const options = {
  'data-dir': { type: 'string', default: '/var/lib/patchbay/provider' },
  'users-file': { type: 'string' },
  'password-file': { type: 'string' },
  project: { type: 'string' },
  role: { type: 'string', default: 'member' },
  help: { type: 'boolean', short: 'h' },
} as const

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  const [verb, name] = positionals
  if (values.help || verb === undefined) return void process.stdout.write(help)
  const file = values['users-file'] ?? join(values['data-dir'], 'users.json')
  const users = readUsers(file)
  if (verb === 'list') return list(users)
  if (name === undefined) throw new Refused(`"${verb}" needs the name of a user`)
  if (verb === 'add') writeUsers(file, await added(users, name, values))
  else if (verb === 'password') writeUsers(file, await replaced(users, name, { passwordHash: await hashed(values) }))
  else if (verb === 'remove') writeUsers(file, without(users, name))
  else throw new Refused(`there is no "${verb}": see --help`)
}

interface Values {
  readonly project?: string
  readonly role: string
  readonly 'password-file'?: string
}

async function added(users: readonly UserEntry[], name: string, values: Values): Promise<UserEntry[]> {
  const { project = name, role } = values
  if (!roles.includes(role as Role)) throw new Refused(`--role must be one of ${roles.join(', ')}`)
  const known = users.find((user) => user.name === name)
  const passwordHash = known && values['password-file'] === undefined ? known.passwordHash : await hashed(values)
  const projects = { ...known?.projects, [project]: [role as Role] }
  return [...users.filter((user) => user !== known), { name, passwordHash, projects }]
}

async function replaced(users: readonly UserEntry[], name: string, change: Partial<UserEntry>): Promise<UserEntry[]> {
  if (!users.some((user) => user.name === name)) throw new Refused(`there is no user ${name}`)
  return users.map((user) => (user.name === name ? { ...user, ...change } : user))
}

function without(users: readonly UserEntry[], name: string): UserEntry[] {
  const left = users.filter((user) => user.name !== name)
  if (left.length === users.length) throw new Refused(`there is no user ${name}`)
  return left
}

async function hashed({ 'password-file': file }: Pick<Values, 'password-file'>): Promise<string> {
  if (file === undefined) throw new Refused('--password-file is needed')
  const password = readFileSync(file === '-' ? 0 : file, 'utf8').replace(/\r?\n$/, '')
  if (password === '') throw new Refused('the password is empty')
  return hashPassword(password)
}

function list(users: readonly UserEntry[]): void {
  for (const { name, projects } of users) {
    const where = Object.entries(projects).map(([project, given]) => `${project} (${given.join(', ')})`)
    process.stdout.write(`${name}\t${where.join(', ')}\n`)
  }
}

try {
  await main()
} catch (error) {
  process.stderr.write(`patchbay provider user: ${(error as Error).message}\n`)
  process.exitCode = 1
}
