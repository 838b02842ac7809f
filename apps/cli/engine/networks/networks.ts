// `patchbay network …`: networks of an engine, and where VMs may use them.
import type { Command } from 'commander'
import { editVerb, textsIn, withTexts } from '../session/edit-verb.ts'
import { named, namesIn } from '../session/named.ts'
import type { Column } from '../session/output.ts'
import type { EngineSession } from '../session/session.ts'
import { engineVerb, nounOf } from '../session/verb.ts'
import { providerNamed } from './providers.ts'

export const networkNamed = (session: EngineSession, name: string) => named(session, '/networks', 'network', name)
export const clusterNamed = (session: EngineSession, name: string) => named(session, '/clusters', 'cluster', name)

export function registerNetworks(program: Command): void {
  const noun = nounOf(program, 'network', 'networks of the engine')
  engineVerb(noun, 'list', 'the networks', async (session) => {
    const providers = await namesIn(session, '/openstacknetworkproviders')
    const dataCenters = await namesIn(session, '/datacenters')
    const columns: readonly Column[] = [
      ['NAME', ({ name }) => name],
      ['DATA CENTER', ({ data_center }) => dataCenters(data_center?.id)],
      ['PROVIDER', ({ external_provider }) => providers(external_provider?.id)],
      ['MTU', ({ mtu }) => (mtu === '0' ? 'default' : mtu)],
      ['DESCRIPTION', ({ description }) => description],
    ]
    return { items: await session.list('/networks'), columns }
  })
  engineVerb(
    noun,
    'import <provider> <network>',
    "make a provider's network one of a data center",
    async (session, args, flags) => {
      const { id } = await providerNamed(session, args[0]!)
      const path = `/openstacknetworkproviders/${id}/networks`
      const external = await named(session, path, 'network of the provider', args[1]!)
      await session.ask('POST', `${path}/${external.id}/import`, { data_center: { name: flags.dataCenter } })
      if (flags.cluster) await attach(session, external.name, flags.cluster)
      return {
        done: `network ${external.name} was imported${flags.cluster ? ` and attached to ${flags.cluster}` : ''}`,
      }
    },
  )
    .requiredOption('--data-center <name>', 'where VMs are to use it')
    .option('--cluster <name>', 'attach it to this cluster too')
  engineVerb(noun, 'add <name>', 'make a network, on a provider if one is named', async (session, [name], flags) => {
    const provider = flags.provider === undefined ? undefined : await providerNamed(session, flags.provider)
    const item = await session.ask('POST', '/networks', {
      name,
      data_center: { name: flags.dataCenter },
      ...(flags.description !== undefined && { description: flags.description }),
      ...(flags.mtu !== undefined && { mtu: flags.mtu }),
      ...(provider && { external_provider: { id: provider.id } }),
    })
    if (flags.cluster) await attach(session, item.id, flags.cluster)
    return { done: `network ${name} was made`, item }
  })
    .requiredOption('--data-center <name>', 'where VMs are to use it')
    .option('--provider <name>', 'where it is made')
    .option('--cluster <name>', 'attach it to this cluster too')
    .option('--mtu <bytes>')
    .option('--description <text>')
  const editing = editVerb(noun, 'edit <network>', {
    what: 'network',
    path: async (session, [name]) => `/networks/${(await networkNamed(session, name!)).id}`,
    request: ({ mtu, vlan, vmNetwork, ...flags }) => ({
      ...textsIn(flags),
      mtu,
      vlan: vlan === undefined ? undefined : { id: vlan },
      usages: vmNetwork === undefined ? undefined : { usage: vmNetwork === 'true' ? ['vm'] : [] },
    }),
  })
  withTexts(editing)
    .option('--mtu <bytes>', '0 for the default; of an external one, its provider is not told')
    .option('--vlan <id>', "of a network of the engine's own")
    .option('--vm-network <boolean>', "of a network of the engine's own: whether VMs may use it")
  registerNetworkLabels(noun)
  engineVerb(noun, 'attach <network> <cluster>', 'let VMs of a cluster use it', async (session, [network, cluster]) => {
    await attach(session, network!, cluster!)
    return { done: `network ${network} is attached to cluster ${cluster}` }
  })
  engineVerb(noun, 'detach <network> <cluster>', 'and no longer', async (session, [network, cluster]) => {
    const [{ id }, { id: clusterId }] = [await networkNamed(session, network!), await clusterNamed(session, cluster!)]
    await session.ask('DELETE', `/clusters/${clusterId}/networks/${id}`)
    return { done: `network ${network} is detached from cluster ${cluster}` }
  })
  engineVerb(noun, 'remove <network>', 'remove it from the engine', async (session, [name], flags) => {
    const { id } = await networkNamed(session, name!)
    await session.ask('DELETE', `/networks/${id}${flags.fromProvider ? '?remove_from_provider=true' : ''}`)
    return { done: `network ${name} was removed${flags.fromProvider ? ', also from its provider' : ''}` }
  }).option('--from-provider', 'and from its provider')
}

function registerNetworkLabels(noun: Command): void {
  engineVerb(
    noun,
    'label <network> <label>',
    'attach it to the interfaces with that label, on all hosts of its clusters',
    async (session, [network, label]) => {
      const path = `/networks/${(await networkNamed(session, network!)).id}/networklabels`
      return { done: `network ${network} has the label ${label}`, item: await session.ask('POST', path, { id: label }) }
    },
  )
  engineVerb(noun, 'unlabel <network>', 'take its label, and it off those interfaces', async (session, [network]) => {
    const path = `/networks/${(await networkNamed(session, network!)).id}/networklabels`
    const [label] = await session.list(path)
    if (!label) throw new Error(`network ${network} has no label`)
    await session.ask('DELETE', `${path}/${label.id}`)
    return { done: `network ${network} has no longer the label ${label.id}` }
  })
}

async function attach(session: EngineSession, network: string, cluster: string): Promise<void> {
  const [{ id }, { id: clusterId }] = [await networkNamed(session, network), await clusterNamed(session, cluster)]
  await session.ask('POST', `/clusters/${clusterId}/networks`, { id, required: 'false' })
}
