// `patchbay host networks|attach|detach|sync …`: networks on the interfaces of a host.
import type { Command } from 'commander'
import { networkNamed } from '../networks/networks.ts'
import { namesIn } from '../session/named.ts'
import { withProgress } from '../session/progress.ts'
import { propertiesOf } from '../session/property.ts'
import type { EngineSession, Item } from '../session/session.ts'
import { engineVerb, nounOf } from '../session/verb.ts'
import { assignmentsOf, shownAssignment } from './addresses.ts'
import { hostNamed } from './hosts.ts'
import { lasting, setUp } from './set-up.ts'

export function registerHostNetworks(program: Command): void {
  const noun = nounOf(program, 'host', 'hosts').commandsGroup('Interfaces and networks:')
  engineVerb(noun, 'networks <host>', 'networks on its interfaces, and what differs there', async (session, [host]) => {
    const { id } = await hostNamed(session, host!)
    const networks = await namesIn(session, '/networks')
    return {
      items: await session.list(`/hosts/${id}/networkattachments`),
      columns: [
        ['NETWORK', ({ network }) => networks(network?.id)],
        ['INTERFACE', ({ host_nic: nic }) => nic?.name],
        ['ADDRESSES', ({ ip_address_assignments: all }) => all?.ip_address_assignment?.map(shownAssignment).join(' ')],
        ['IN SYNC', ({ in_sync }) => in_sync],
        ['DIFFERS', ({ reported_configurations: all }) => differences(all?.reported_configuration)],
      ],
    }
  })
  const attaching = engineVerb(
    noun,
    'attach <host> <network> <interface>',
    'put a network on a NIC or bond, or change how it is there',
    async (session, [host, network, nic], flags) => {
      const { id } = await hostNamed(session, host!)
      const { id: networkId } = await networkNamed(session, network!)
      const before = await attachmentOf(session, id, networkId)
      const assignments = assignmentsOf(flags)
      const properties = propertiesOf(flags.property)
      const attachment = {
        ...(before && { id: before.id }),
        network: { id: networkId },
        host_nic: { name: nic },
        ...(assignments && { ip_address_assignments: { ip_address_assignment: assignments } }),
        ...(flags.dns && { dns_resolver_configuration: { name_servers: { name_server: flags.dns } } }),
        ...(properties && { properties: { property: properties } }),
      }
      await setUp(session, id, { modified_network_attachments: { network_attachment: [attachment] } }, flags)
      return { done: `network ${network} is on ${nic} of host ${host}` }
    },
  )
    .option('--address <address/length...>', 'of the host there: 10.1.0.5/24, fd00::5/64 or one of each')
    .option('--gateway <address...>', 'of those')
    .option('--dhcp', 'ask for an IPv4 address')
    .option('--no-address', 'no address of its own')
    .option('--dns <address...>', 'name servers, where it has the default route')
    .option('--property <name=value...>', "network custom properties, for the host's hooks")
    .addHelpText('after', '\nFor example: patchbay host attach host-a storage eth1 --address 10.1.0.5/24')
  lasting(attaching)
  const detaching = engineVerb(noun, 'detach <host> <network>', 'take a network off', async (session, args, flags) => {
    const [host, network] = args
    const { id } = await hostNamed(session, host!)
    const attachment = await attachmentOf(session, id, (await networkNamed(session, network!)).id)
    if (!attachment) throw new Error(`network ${network} is not on host ${host}: patchbay host networks ${host}`)
    await setUp(session, id, { removed_network_attachments: { network_attachment: [{ id: attachment.id }] } }, flags)
    return { done: `network ${network} is no longer on host ${host}` }
  })
  lasting(detaching)
  engineVerb(noun, 'sync <host>', 'make its networks what the engine wants them to be', async (session, [host]) => {
    const { id } = await hostNamed(session, host!)
    await withProgress(session, () => session.ask('POST', `/hosts/${id}/syncallnetworks`, {}))
    return { done: `networks of host ${host} are in sync` }
  })
}

async function attachmentOf(session: EngineSession, hostId: string, networkId: string): Promise<Item | undefined> {
  const all = await session.list(`/hosts/${hostId}/networkattachments`)
  return all.find(({ network }) => network?.id === networkId)
}

const differences = (all: readonly Item[] = []) =>
  all
    .filter(({ in_sync }) => in_sync === 'false')
    .map(({ name, actual_value: is = 'nothing', expected_value: wanted = 'nothing' }) => `${name} ${is}, not ${wanted}`)
    .join('; ')
