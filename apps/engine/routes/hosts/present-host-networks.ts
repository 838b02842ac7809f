// The interfaces of a host and the networks on them, as answers show them.
import { apiPath } from '@patchbay/ovirt-api/api-path.ts'
import { type HostNic, hostNicId } from '../../hosts/host-nics.ts'
import { ipv4Of, ipv6Of } from '../../hosts/reported-attachments.ts'
import type { HostNetworking } from '../../services/host-networks/host-networking.ts'
import type { ShownAttachment } from '../../services/host-networks/host-networks.ts'
import type { LinkState } from '../../services/host-networks/link-states.ts'
import { isInSync, reportedConfigurations } from '../../services/host-networks/sync-state.ts'
import type { IpAssignment } from '../../store/entities/host-networks.ts'

export interface ShownNic extends HostNic {
  readonly networkId: string | undefined
  readonly isOutOfSync: boolean | undefined
  readonly state: LinkState | undefined
}

export function shownNics(networking: HostNetworking, states: Readonly<Record<string, LinkState>>): ShownNic[] {
  const byVdsmName = new Map([...networking.networks.values()].map((network) => [network.vdsmName, network.id]))
  return networking.nics.map((nic) => {
    const networkId = nic.carried && byVdsmName.get(nic.carried.name)
    const attachment = networking.attachments.find((each) => each.networkId === networkId)
    const isOutOfSync = attachment && !isInSync(reportedConfigurations(networking, attachment))
    return { ...nic, networkId, isOutOfSync, state: states[nic.name] }
  })
}

const bitsPerMegabit = 1_000_000

export function presentHostNic({ name, hostId, link, carried, vlan, bond, ...nic }: ShownNic) {
  const { hwaddr, mtu, speed } = link
  // The addresses of a bridge are shown at what carries it.
  const addressed = carried?.network ?? link
  const [v4, v6] = [ipv4Of(addressed), ipv6Of(addressed)]
  const { state } = nic.state ?? {}
  const reference = (slave: string) => presentNicReference(hostId, slave)
  return {
    name,
    host: { id: hostId },
    mac: hwaddr ? { address: hwaddr } : undefined,
    mtu: mtu === undefined ? undefined : Number(mtu),
    speed: speed ? speed * bitsPerMegabit : undefined,
    status: state === 'up' || state === 'down' ? state : undefined,
    network: nic.networkId === undefined ? undefined : { id: nic.networkId, name: carried?.name },
    bridged: carried?.network.bridged ?? false,
    base_interface: vlan?.base,
    vlan: vlan?.id === undefined ? undefined : { id: vlan.id },
    bonding: bond && {
      options: Object.entries(bond.options).map(([option, value]) => bondOption(option, value)),
      slaves: bond.slaves.map(reference),
      active_slave: bond.activeSlave === '' ? undefined : reference(bond.activeSlave),
    },
    boot_protocol: v4.method,
    ip: ipOf(v4),
    ipv6_boot_protocol: v6.method,
    ipv6: ipOf(v6),
    custom_configuration: nic.isOutOfSync,
  } as const
}

const modeNames: Readonly<Record<string, string>> = {
  1: 'Active-Backup',
  2: 'Load balance (balance-xor)',
  4: 'Dynamic link aggregation (802.3ad)',
}

const bondOption = (name: string, value: string) => ({
  name,
  value,
  type: name === 'mode' ? modeNames[value] : undefined,
})

export function presentAttachment({ networkId, hostId, nicName, configurations, ...attachment }: ShownAttachment) {
  const { ipAssignments, nameServers, properties } = attachment
  return {
    network: { id: networkId },
    host: { id: hostId },
    host_nic: presentNicReference(hostId, nicName),
    ip_address_assignments: ipAssignments.map((each) => ({ assignment_method: each.method, ip: ipOf(each) })),
    dns_resolver_configuration: nameServers.length > 0 ? { name_servers: nameServers } : undefined,
    properties:
      Object.keys(properties).length > 0
        ? Object.entries(properties).map(([name, value]) => ({ name, value }))
        : undefined,
    in_sync: isInSync(configurations),
    reported_configurations: configurations.map(({ name, expected, actual, isInSync: isIt }) => ({
      name,
      expected_value: expected || undefined,
      actual_value: actual || undefined,
      in_sync: isIt,
    })),
  }
}

/** By its name, which is what makes its id. */
export function presentNicReference(hostId: string, name: string) {
  const id = hostNicId(hostId, name)
  return { id, name, href: `${apiPath}/hosts/${hostId}/nics/${id}` }
}

const ipOf = ({ version, address, netmask, gateway }: IpAssignment) => ({
  address: address || undefined,
  netmask: netmask || undefined,
  gateway: gateway || undefined,
  version,
})
