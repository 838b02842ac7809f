// `patchbay subnet …`: subnets of a provider's networks.
import type { Command } from 'commander'
import { editVerb } from '../session/edit-verb.ts'
import { named } from '../session/named.ts'
import type { EngineSession } from '../session/session.ts'
import { engineVerb, nounOf } from '../session/verb.ts'
import { providerNamed } from './providers.ts'

export function registerSubnets(program: Command): void {
  const noun = nounOf(program, 'subnet', "subnets of a provider's networks")
  engineVerb(noun, 'list <provider> <network>', 'those of a network', async (session, args) => ({
    items: await session.list(await subnetsOf(session, args)),
    columns: [
      ['NAME', ({ name }) => name],
      ['CIDR', ({ cidr }) => cidr],
      ['GATEWAY', ({ gateway }) => gateway],
      ['DNS', ({ dns_servers }) => dns_servers?.dns_server?.join(' ')],
      ['ID', ({ id }) => id],
    ],
  }))
  engineVerb(noun, 'add <provider> <network> <name>', 'add one', async (session, args, flags) => {
    const request = {
      name: args[2],
      cidr: flags.cidr,
      ip_version: String(flags.cidr).includes(':') ? 'v6' : 'v4',
      ...(flags.gateway !== undefined && { gateway: flags.gateway }),
      ...(flags.dns && { dns_servers: { dns_server: flags.dns } }),
    }
    const item = await session.ask('POST', await subnetsOf(session, args), request)
    return { done: `subnet ${args[2]} was added`, item }
  })
    .requiredOption('--cidr <cidr>', '10.0.0.0/24 or fd00::/64')
    .option('--gateway <address>')
    .option('--dns <address...>', 'name servers for its ports')
  editVerb(noun, 'edit <provider> <network> <subnet>', {
    what: 'subnet',
    path: subnetPath,
    request: ({ name, gateway, dns }) => ({
      name,
      gateway,
      dns_servers: dns === undefined ? undefined : { dns_server: dns || [] },
    }),
  })
    .option('--name <name>', 'its new name')
    .option('--gateway <address>', '"" for none')
    .option('--dns <address...>', 'name servers for its ports; in place of those that it has')
    .option('--no-dns', 'and it has none')
  engineVerb(noun, 'remove <provider> <network> <subnet>', 'remove one', async (session, args) => {
    await session.ask('DELETE', await subnetPath(session, args))
    return { done: `subnet ${args[2]} was removed` }
  })
}

async function subnetsOf(session: EngineSession, [provider, network]: readonly string[]): Promise<string> {
  const networks = `/openstacknetworkproviders/${(await providerNamed(session, provider!)).id}/networks`
  const { id } = await named(session, networks, 'network of the provider', network!)
  return `${networks}/${id}/subnets`
}

async function subnetPath(session: EngineSession, args: readonly string[]): Promise<string> {
  const path = await subnetsOf(session, args)
  return `${path}/${(await named(session, path, 'subnet', args[2]!)).id}`
}
