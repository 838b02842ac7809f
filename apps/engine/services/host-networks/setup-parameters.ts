// A plan in the words of VDSM's Host.setupNetworks.
import type { SetupOptions, SetupParameters } from '../../hosts/setup-parameters.ts'
import type { IpAssignment, NetworkAttachment } from '../../store/entities/host-networks.ts'
import type { HostNetworking } from './host-networking.ts'
import type { SetupPlan } from './plan.ts'
import { isDefaultRoute, mtuOnHost } from './sync-state.ts'

const removal = { remove: true }

export function setupParameters(
  networking: HostNetworking,
  { attachments, removed, bonds, removedBonds }: SetupPlan,
  options: SetupOptions,
): SetupParameters {
  const { networks, nics } = networking
  const isBond = (name: string) =>
    bonds.some((bond) => bond.name === name) || nics.some((nic) => nic.name === name && nic.bond)
  const nameOf = ({ networkId }: NetworkAttachment) => networks.get(networkId)!.vdsmName
  return {
    networks: Object.fromEntries([
      ...removed.map((attachment) => [nameOf(attachment), removal] as const),
      ...attachments.map(
        (each) =>
          [
            nameOf(each),
            { [isBond(each.nicName) ? 'bonding' : 'nic']: each.nicName, ...networkParameters(networking, each) },
          ] as const,
      ),
    ]),
    bondings: Object.fromEntries([
      ...removedBonds.map((name) => [name, removal] as const),
      ...bonds.map(({ name, slaves, options: how }) => [name, { nics: slaves, options: text(how), switch: 'legacy' }]),
    ]),
    options,
  }
}

const text = (options: Readonly<Record<string, string>>) =>
  Object.entries(options)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')

function networkParameters(networking: HostNetworking, attachment: NetworkAttachment): object {
  const { networkId, ipAssignments, nameServers, properties } = attachment
  const network = networking.networks.get(networkId)!
  const of = (version: IpAssignment['version']) => ipAssignments.find((each) => each.version === version)
  const defaultRoute = isDefaultRoute(networking, networkId)
  const servers = nameServers.length > 0 ? nameServers : network.dnsServers
  return {
    ...(network.vlanId !== null && { vlan: network.vlanId }),
    bridged: network.vmNetwork,
    ...(network.vmNetwork && { stp: network.stp }),
    mtu: mtuOnHost(network),
    ...ipv4Parameters(of('v4')),
    ...ipv6Parameters(of('v6')),
    defaultRoute,
    // A host has one list of them: that of the network it reaches the world by.
    nameservers: defaultRoute ? servers : [],
    switch: networking.cluster.switchType,
    ...(Object.keys(properties).length > 0 && { custom: properties }),
  }
}

function ipv4Parameters(assignment: IpAssignment | undefined): object {
  if (assignment?.method === 'dhcp') return { bootproto: 'dhcp' }
  if (assignment?.method !== 'static') return { bootproto: 'none' }
  const { address: ipaddr, netmask, gateway } = assignment
  return { bootproto: 'none', ipaddr, netmask, ...(gateway !== '' && { gateway }) }
}

function ipv6Parameters(assignment: IpAssignment | undefined): object {
  const { method = 'none', address = '', netmask = '', gateway = '' } = assignment ?? {}
  return {
    dhcpv6: method === 'dhcp' || method === 'poly_dhcp_autoconf',
    ipv6autoconf: method === 'autoconf' || method === 'poly_dhcp_autoconf',
    ...(method === 'static' && { ipv6addr: `${address}/${netmask}`, ...(gateway !== '' && { ipv6gateway: gateway }) }),
  }
}
