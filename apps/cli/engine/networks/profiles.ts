// `patchbay profile …`: vNIC profiles.
import type { Command } from 'commander'
import { editVerb, textsIn, withTexts } from '../session/edit-verb.ts'
import { named, namesIn } from '../session/named.ts'
import type { Column } from '../session/output.ts'
import { asProperty, propertiesIn, propertiesOf } from '../session/property.ts'
import type { EngineSession } from '../session/session.ts'
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
  const editing = editVerb(noun, 'edit <profile>', {
    what: 'profile',
    path: async (session, [name]) => `/vnicprofiles/${(await named(session, '/vnicprofiles', 'profile', name!)).id}`,
    async request({ property, publicUse, filter, ...flags }, session) {
      const properties = propertiesOf(property)
      return {
        ...textsIn(flags),
        custom_properties: properties && { custom_property: properties },
        public_use: publicUse,
        network_filter: filter === undefined ? undefined : await filterNamed(session, filter),
      }
    },
  })
  withTexts(editing)
    .option('--property <name=value...>', 'for its driver and hooks; in place of those that it has')
    .option('--no-property', 'and it has none')
    .option('--public-use <boolean>', 'true: every user may use it')
    .option('--filter <name>', 'libvirt filter, such as vdsm-no-mac-spoofing; "" for none')
  engineVerb(noun, 'remove <profile>', 'remove one', async (session, [name]) => {
    const { id } = await named(session, '/vnicprofiles', 'profile', name!)
    await session.ask('DELETE', `/vnicprofiles/${id}`)
    return { done: `profile ${name} was removed` }
  })
}

const filterNamed = async (session: EngineSession, name: string) =>
  name === '' ? {} : { id: (await named(session, '/networkfilters', 'network filter', name)).id }
