// `patchbay profile …`: vNIC profiles.
import type { Command } from 'commander'
import { named, namesIn } from '../session/named.ts'
import type { Column } from '../session/output.ts'
import { asProperty, propertiesIn } from '../session/property.ts'
import { engineVerb, nounOf } from '../session/verb.ts'
import { networkNamed } from './networks.ts'

export function registerProfiles(program: Command): void {
  const noun = nounOf(program, 'profile', 'vNIC profiles: how a vNIC is on its network')
  engineVerb(noun, 'list', 'the vNIC profiles', async (session) => {
    const networks = await namesIn(session, '/networks')
    const columns: readonly Column[] = [
      ['NAME', ({ name }) => name],
      ['NETWORK', ({ network }) => networks(network?.id)],
      ['PROPERTIES', ({ custom_properties }) => propertiesIn(custom_properties?.custom_property)],
    ]
    return { items: await session.list('/vnicprofiles'), columns }
  })
  engineVerb(noun, 'add <network> <name>', 'add one', async (session, [network, name], flags) => {
    const { id } = await networkNamed(session, network!)
    const properties = ((flags.property ?? []) as string[]).map(asProperty)
    const request = { name, network: { id }, custom_properties: { custom_property: properties } }
    return { done: `profile ${name} was added`, item: await session.ask('POST', '/vnicprofiles', request) }
  }).option('--property <name=value...>', 'for its driver and hooks, such as SecurityGroups=ID,ID')
  engineVerb(noun, 'remove <profile>', 'remove one', async (session, [name]) => {
    const { id } = await named(session, '/vnicprofiles', 'profile', name!)
    await session.ask('DELETE', `/vnicprofiles/${id}`)
    return { done: `profile ${name} was removed` }
  })
}
