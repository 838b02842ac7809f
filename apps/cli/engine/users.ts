// `patchbay user …`: who may log in to an engine, and with which password.
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { editVerb, given } from './session/edit-verb.ts'
import type { EngineSession, Item } from './session/session.ts'
import { engineVerb, type Flags } from './session/verb.ts'

export function registerUsers(noun: Command): void {
  engineVerb(noun, 'list', 'the users', async (session) => ({
    items: await session.list('/users'),
    columns: [
      ['NAME', ({ user_name }) => user_name],
      ['FIRST NAME', ({ name }) => name],
      ['LAST NAME', ({ last_name }) => last_name],
      ['EMAIL', ({ email }) => email],
      ['ENABLED', ({ enabled }) => enabled],
    ],
  }))
  const adding = engineVerb(noun, 'add <user>', 'add one: alice', async (session, [user], flags) => {
    const request = given({ user_name: user, ...personIn(flags), password: newPassword(flags) })
    return { done: `user ${user} was added`, item: await session.ask('POST', '/users', request) }
  })
  withPerson(withNewPassword(adding))
  const editing = editVerb(noun, 'edit <user>', {
    what: 'user',
    path: async (session, [user]) => `/users/${(await userNamed(session, user!)).id}`,
    request: personIn,
  })
  withPerson(editing)
  const change = (verb: string, about: string, request: (flags: Flags) => object, done: string) =>
    engineVerb(noun, `${verb} <user>`, about, async (session, [user], flags) => {
      const { id } = await userNamed(session, user!)
      return { done: `user ${user} ${done}`, item: await session.ask('PUT', `/users/${id}`, request(flags)) }
    })
  withNewPassword(
    change('password', 'give a new password', (flags) => ({ password: newPassword(flags) }), 'has a new password'),
  )
  const own = engineVerb(noun, 'change-password <user>', 'change your own password', async (session, [user], flags) => {
    const { id } = await userNamed(session, user!)
    const passwords = { password: passwordIn(flags.oldPasswordFile), new_password: newPassword(flags) }
    await session.ask('POST', `/users/${id}/changepassword`, passwords)
    return { done: `user ${user} has a new password` }
  })
  withNewPassword(own).requiredOption('--old-password-file <file>', 'file with the password until now')
  change('disable', 'let the user in no more', () => ({ enabled: 'false' }), 'is disabled')
  change('enable', 'let the user in again', () => ({ enabled: 'true' }), 'is enabled')
  engineVerb(noun, 'remove <user>', 'remove one, with the permissions', async (session, [user]) => {
    await session.ask('DELETE', `/users/${(await userNamed(session, user!)).id}`)
    return { done: `user ${user} was removed` }
  })
}

const withPerson = (verb: Command) =>
  verb
    .option('--first-name <name>', 'of the user')
    .option('--last-name <name>', 'of the user')
    .option('--email <address>', 'of the user')
    .option('--department <name>', 'that the user works for')

const personIn = ({ firstName, lastName, email, department }: Flags): Item => ({
  ...{ name: firstName, last_name: lastName, email, department },
})

const withNewPassword = (verb: Command) =>
  verb.requiredOption('--new-password-file <file>', 'file with the password of that user; - for standard input')

const newPassword = ({ newPasswordFile: file }: Flags) => passwordIn(file)

const passwordIn = (file: string) => readFileSync(file === '-' ? 0 : file, 'utf8').replace(/\r?\n$/, '')

/** By any of the forms of its name. */
export async function userNamed(session: EngineSession, name: string): Promise<Item> {
  const all = await session.list('/users')
  const listed = name.replace(/@internal$/, '@internal-authz')
  const found = all.find(({ id, principal, user_name }) => [id, principal].includes(name) || user_name === listed)
  if (!found) throw new Error(`there is no user "${name}". There are ${all.map((each) => each.user_name).join(', ')}.`)
  return found
}
