#!/usr/bin/env node
// `patchbay engine password [options] USER`: gives a user of the engine's directory a new password, while no engine works.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { hashPassword } from '@patchbay/service/password-hash.ts'
import { listedNameOf } from './access/directory.ts'
import { engineOptions } from './config.ts'
import { Fault } from './faults.ts'
import { checkedPassword } from './sso/password-rule.ts'
import { openStore } from './store/store.ts'

const help = `Gives a user of the engine a new password, and lets a disabled one in again. The engine must not be at work: while it
is, patchbay user password does it. The administrator's password is in the file of patchbay engine serve --password-file.

Usage: patchbay engine password [--database URL] --password-file FILE USER

  --database URL        ${engineOptions.database.help} (default: ${engineOptions.database.default})
  --password-file FILE  file with the new password; - for standard input
`

const options = {
  database: { type: 'string', default: process.env.PATCHBAY_ENGINE_DATABASE ?? engineOptions.database.default },
  'password-file': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  const [name] = positionals
  const file = values['password-file']
  if (values.help) return void process.stdout.write(help)
  if (name === undefined || file === undefined) throw new Error('a USER and --password-file are needed: see --help')
  const password = checkedPassword(readFileSync(file === '-' ? 0 : file, 'utf8').replace(/\r?\n$/, ''))
  await using store = await openStore(values.database, { name: 'patchbay engine password' })
  const [user] = await store.users.find({ userName: listedNameOf(name) })
  if (!user) throw new Fault('NOT_FOUND', { what: 'User', id: name })
  await store.users.update(user.id, { passwordHash: await hashPassword(password), enabled: true })
  console.log(`user ${user.userName} has a new password`)
}

try {
  await main()
} catch (error) {
  process.stderr.write(`patchbay engine password: ${(error as Error).message}\n`)
  process.exitCode = 1
}
