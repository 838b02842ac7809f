// `patchbay user|role|permission …`: who may use an engine, and for what.
import type { Command } from 'commander'
import { editVerb } from './session/edit-verb.ts'
import { named, namesIn } from './session/named.ts'
import type { EngineSession, Item } from './session/session.ts'
import { engineVerb, type Flags, nounOf } from './session/verb.ts'
import { registerUsers, userNamed } from './users.ts'

const roleNamed = (session: EngineSession, name: string) => named(session, '/roles', 'role', name)

export function registerAccounts(program: Command): void {
  registerUsers(nounOf(program, 'user', 'users of the engine'))
  registerRoles(nounOf(program, 'role', 'roles: what somebody may do'))
  registerPermissions(nounOf(program, 'permission', 'permissions: who has which role on what'))
}

function registerRoles(noun: Command): void {
  engineVerb(noun, 'list', 'the roles', async (session) => ({
    items: await session.list('/roles'),
    columns: [
      ['NAME', ({ name }) => name],
      ['ADMINISTRATIVE', ({ administrative }) => administrative],
      ['DESCRIPTION', ({ description }) => description],
    ],
  }))
  engineVerb(noun, 'show <role>', 'what one permits', async (session, [name]) => ({
    items: await session.list(`/roles/${(await roleNamed(session, name!)).id}/permits`),
    columns: [
      ['PERMIT', (permit) => permit.name],
      ['ADMINISTRATIVE', ({ administrative }) => administrative],
    ],
  }))
  engineVerb(noun, 'add <name>', 'make one of permits', async (session, [name], flags) => {
    const permits = {
      permit: String(flags.permits)
        .split(',')
        .map((permit) => ({ name: permit.trim() })),
    }
    const request = {
      name,
      description: flags.description,
      administrative: String(flags.administrative === true),
      permits,
    }
    return { done: `role ${name} was added`, item: await session.ask('POST', '/roles', request) }
  })
    .requiredOption('--permits <names>', 'with commas: run_vm,stop_vm')
    .option('--administrative', 'may have permits of administrators; whoever has it sees everything')
    .option('--description <text>', 'of the role')
  editVerb(noun, 'edit <role>', {
    what: 'role',
    path: async (session, [name]) => `/roles/${(await roleNamed(session, name!)).id}`,
    request: ({ name, description }) => ({ name, description }),
  })
    .option('--name <name>', 'its new name')
    .option('--description <text>', 'of the role')
  engineVerb(noun, 'remove <role>', 'remove one that is your own', async (session, [name]) => {
    await session.ask('DELETE', `/roles/${(await roleNamed(session, name!)).id}`)
    return { done: `role ${name} was removed` }
  })
}

/** Flag of the command, element of the API, its collection, what it is called. */
const things = [
  ['dataCenter', 'data-center', 'data_center', '/datacenters', 'data center'],
  ['cluster', 'cluster', 'cluster', '/clusters', 'cluster'],
  ['host', 'host', 'host', '/hosts', 'host'],
  ['vm', 'vm', 'vm', '/vms', 'VM'],
  ['template', 'template', 'template', '/templates', 'template'],
  ['network', 'network', 'network', '/networks', 'network'],
  ['profile', 'profile', 'vnic_profile', '/vnicprofiles', 'vNIC profile'],
  ['macPool', 'mac-pool', 'mac_pool', '/macpools', 'MAC pool'],
] as const

function registerPermissions(noun: Command): void {
  const listing = engineVerb(noun, 'list', 'those on a thing, or of a user', async (session, _arguments, flags) => {
    const place = flags.of === undefined ? (await thingOf(session, flags)).path : await pathOf(session, flags.of)
    const [users, roles] = await Promise.all([session.list('/users'), namesIn(session, '/roles')])
    const names = new Map(users.map(({ id, user_name }) => [id, user_name]))
    const items = await session.list(`${place}/permissions`)
    const placeOf = await placesOf(session, items)
    return {
      items,
      columns: [
        ['USER', ({ user, group }) => (group ? 'Everyone' : (names.get(user?.id) ?? user?.id))],
        ['ROLE', ({ role }) => roles(role?.id)],
        ['ON', placeOf],
      ],
    }
  })
  withThings(listing).option('--of <user>', 'of this user, or Everyone')
  withThings(
    engineVerb(noun, 'add <user> <role>', 'give a user (or Everyone) a role', async (session, [user, role], flags) => {
      const [{ path, what }, principal] = [await thingOf(session, flags), await principalNamed(session, user!)]
      const item = await session.ask('POST', `${path}/permissions`, { role: { name: role }, ...principal })
      return { done: `${user} has the role ${role} on ${what}`, item }
    }),
  )
  withThings(
    engineVerb(noun, 'remove <user> <role>', 'take a role away', async (session, [user, role], flags) => {
      const { path, what } = await thingOf(session, flags)
      const [{ id: roleId }, principal] = [await roleNamed(session, role!), await principalNamed(session, user!)]
      const { id: principalId } = Object.values(principal)[0]!
      const given = (await session.list(`${path}/permissions`)).find(
        (each) => each.role.id === roleId && (each.user ?? each.group).id === principalId,
      )
      if (!given) throw new Error(`${user} does not have the role ${role} on ${what}`)
      await session.ask('DELETE', `${path}/permissions/${given.id}`)
      return { done: `${user} no longer has the role ${role} on ${what}` }
    }),
  )
}

function withThings(verb: Command): Command {
  for (const [, flag, , , what] of things) verb.option(`--${flag} <name>`, `on this ${what}, and all below it`)
  return verb
}

/** Of none that is named: the system. */
async function thingOf(session: EngineSession, flags: Flags): Promise<{ path: string; what: string }> {
  const given = things.filter(([flag]) => flags[flag] !== undefined)
  if (given.length > 1) throw new Error('a permission is on one thing: name one, or none for the whole system')
  const [thing] = given
  if (!thing) return { path: '', what: 'the system' }
  const [flag, , , collection, what] = thing
  const { id } = await named(session, collection, what, flags[flag])
  return { path: `${collection}/${id}`, what: `${what} ${flags[flag]}` }
}

async function principalNamed(session: EngineSession, name: string): Promise<Record<string, { id: string }>> {
  if (name !== 'Everyone') return { user: { id: (await userNamed(session, name)).id } }
  return { group: { id: (await named(session, '/groups', 'group', name)).id } }
}

async function pathOf(session: EngineSession, name: string): Promise<string> {
  const [[kind, { id }]] = Object.entries(await principalNamed(session, name)) as [[string, { id: string }]]
  return `/${kind}s/${id}`
}

/** What a permission is on, by the names that the things have. */
async function placesOf(session: EngineSession, permissions: readonly Item[]): Promise<(permission: Item) => string> {
  const kinds = things.filter(([, , element]) => permissions.some((permission) => permission[element]))
  const names = new Map(
    await Promise.all(
      kinds.map(async ([, , element, collection]) => [element, await namesIn(session, collection)] as const),
    ),
  )
  return (permission) => {
    const kind = kinds.find(([, , element]) => permission[element])
    if (!kind) return 'the system'
    const [, , element, , what] = kind
    return `${what} ${names.get(element)!(permission[element].id)}`
  }
}
