// `patchbay provider …`: network providers of an engine.
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { editVerb, given } from '../session/edit-verb.ts'
import { named } from '../session/named.ts'
import type { Column } from '../session/output.ts'
import type { EngineSession, Item } from '../session/session.ts'
import { engineVerb, type Flags, nounOf } from '../session/verb.ts'

const base = '/openstacknetworkproviders'
export const providerNamed = (session: EngineSession, name: string) => named(session, base, 'provider', name)

const columns: readonly Column[] = [
  ['NAME', ({ name }) => name],
  ['TYPE', ({ type }) => type],
  ['URL', ({ url }) => url],
  ['PLUGIN', ({ external_plugin_type }) => external_plugin_type],
  ['READ-ONLY', ({ read_only }) => read_only],
  ['STATUS', ({ status }) => status],
]
const fields: readonly Column[] = [
  ['id', ({ id }) => id],
  ['name', ({ name }) => name],
  ['description', ({ description }) => description],
  ['type', ({ type }) => type],
  ['url', ({ url }) => url],
  ['plugin type', ({ external_plugin_type }) => external_plugin_type],
  ['read-only', ({ read_only }) => read_only],
  ['synchronized', ({ auto_sync }) => auto_sync],
  ['unmanaged', ({ unmanaged }) => unmanaged],
  ['logs in as', ({ username }) => username],
  ['at', ({ authentication_url }) => authentication_url],
  ['tenant', ({ tenant_name }) => tenant_name],
  ['status', ({ status, status_detail }) => [status, status_detail].filter(Boolean).join(': ')],
]

export function registerProviders(program: Command): void {
  const noun = nounOf(program, 'provider', 'network providers of the engine; the provider service')
  engineVerb(noun, 'list', 'the network providers', async (session) => ({ items: await session.list(base), columns }))
  engineVerb(noun, 'show <provider>', 'one of them', async (session, [name]) => ({
    item: await providerNamed(session, name!),
    fields,
  }))
  const adding = engineVerb(noun, 'add <name>', 'add a network provider', async (session, [name], flags) => {
    const item = await session.ask('POST', base, { name, type: flags.type ?? 'external', ...requestOf(flags) })
    return { done: `provider ${name} was added`, item }
  })
  withFields(adding.requiredOption('--url <url>', 'of its Networking API: http://host:9696'))
  const editing = editVerb(noun, 'edit <provider>', {
    what: 'provider',
    path: async (session, [name]) => `${base}/${(await providerNamed(session, name!)).id}`,
    request: requestOf,
  })
  withFields(editing.option('--url <url>', 'of its Networking API').option('--name <name>', 'its new name'))
  engineVerb(noun, 'remove <provider>', 'take it, and its networks, out of the engine', async (session, [name]) => {
    const { id } = await providerNamed(session, name!)
    await session.ask('DELETE', `${base}/${id}`)
    return { done: `provider ${name} was removed` }
  })
  engineVerb(noun, 'test <provider>', 'whether the engine can use it', async (session, [name]) => {
    const { id } = await providerNamed(session, name!)
    await session.ask('POST', `${base}/${id}/testconnectivity`, {})
    return { done: `provider ${name} can be used` }
  })
  engineVerb(noun, 'networks <provider>', 'the networks that it has', async (session, [name]) => {
    const { id } = await providerNamed(session, name!)
    return { items: await session.list(`${base}/${id}/networks`), columns: externalColumns }
  })
  engineVerb(noun, 'sync <provider>', 'bring its networks in the engine up to date', async (session, [name]) => {
    const { id } = await providerNamed(session, name!)
    const item = await session.ask('POST', `${base}/${id}/sync`, {})
    return { done: `networks of provider ${name} were synchronized`, item }
  })
}

const externalColumns: readonly Column[] = [
  ['NAME', ({ name }) => name],
  ['ID ON THE PROVIDER', ({ id }) => id],
]

function withFields(command: Command): Command {
  return command
    .option('--type <type>', 'external or neutron')
    .option('--description <text>')
    .option('--plugin-type <type>', 'which VIF driver serves its vNICs: LINUX_BRIDGE, OVIRT_PROVIDER_OVN, …')
    .option('--auth-url <url>', 'of its Identity API: http://host:35357/v2.0 or …/v3')
    .option('--login <name>', 'who logs in there; "" for nobody')
    .option('--login-password-file <file>', "file with that user's password")
    .option('--tenant <name>', 'tenant (v2.0)')
    .option('--user-domain <name>', "the user's domain (v3)")
    .option('--project <name>', 'project (v3)')
    .option('--project-domain <name>', "the project's domain (v3)")
    .option('--read-only <boolean>', 'true: nothing is changed on it')
    .option('--auto-sync <boolean>', 'true: its networks come and go by themselves')
    .option('--unmanaged <boolean>', 'true: it is never asked')
}

/** Of what was given; what was not is left to the engine. */
function requestOf(flags: Flags): Item {
  const file: string | undefined = flags.loginPasswordFile
  return given({
    name: flags.name,
    type: flags.type,
    url: flags.url,
    description: flags.description,
    external_plugin_type: flags.pluginType,
    requires_authentication: flags.login === undefined ? undefined : String(flags.login !== ''),
    username: flags.login,
    password: file === undefined ? undefined : readFileSync(file, 'utf8').replace(/\r?\n$/, ''),
    authentication_url: flags.authUrl,
    tenant_name: flags.tenant,
    user_domain_name: flags.userDomain,
    project_name: flags.project,
    project_domain_name: flags.projectDomain,
    read_only: flags.readOnly,
    auto_sync: flags.autoSync,
    unmanaged: flags.unmanaged,
  })
}
