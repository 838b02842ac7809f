// What a request says of a network, read and checked as far as one can without looking at what there is.
import { isIP } from 'node:net'
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import { Fault } from '../../faults.ts'
import type { Network, NetworkRoles } from '../../store/entities/networks.ts'
import { checkedName, checkedText } from '../names.ts'

export type NetworkRequest = ResourceOf<typeof networkType>

/** The columns that a request can set, those that it names. */
export type NetworkChange = Partial<
  Pick<
    Network,
    'name' | 'description' | 'comment' | 'mtu' | 'vlanId' | 'vmNetwork' | 'stp' | 'portIsolation' | 'dnsServers'
  >
>

export function networkChange(request: NetworkRequest): NetworkChange {
  const { name, description, comment, mtu, vlan, usages, stp, port_isolation, dns_resolver_configuration } = request
  return given({
    name: name === undefined ? undefined : checkedNetworkName(name),
    description: description === undefined ? undefined : checkedText(description, 'The description'),
    comment: comment === undefined ? undefined : checkedText(comment, 'The comment'),
    mtu: mtu === undefined ? undefined : checkedMtu(mtu),
    vlanId: vlan === undefined ? undefined : vlan.id === undefined ? null : checkedVlan(vlan.id),
    vmNetwork: usages?.includes('vm'),
    stp,
    portIsolation: port_isolation,
    dnsServers: dns_resolver_configuration && checkedNameServers(dns_resolver_configuration.name_servers ?? []),
  })
}

/** What it is to be for in a cluster: those of the roles that are named. */
export function rolesIn({ required, display, usages }: NetworkRequest): Partial<NetworkRoles> {
  return given({
    display,
    ...(usages && {
      display: usages.includes('display'),
      migration: usages.includes('migration'),
      management: usages.includes('management'),
      defaultRoute: usages.includes('default_route'),
      gluster: usages.includes('gluster'),
    }),
    required,
  })
}

export function checkedVlan(id: number): number {
  if (id < 0 || id > 4094) throw new Fault('NETWORK_VLAN_OUT_OF_RANGE')
  return id
}

/** Any text, in contrast to other names: hosts get a name of their own where this one does not suit them. */
export function checkedNetworkName(name: string): string {
  checkedName(name, 'Network', { max: 256, pattern: /\S/, characters: 'any characters' })
  checkedText(name, 'The name', 256)
  return name
}

/** The least that IPv4 allows (RFC 791); at most what the database of the real engine holds. */
function checkedMtu(mtu: number): number {
  if (mtu !== 0 && (mtu < 68 || mtu > 2_147_483_647)) throw new Fault('MTU_VALUE_INVALID')
  return mtu
}

function checkedNameServers(servers: readonly string[]): readonly string[] {
  const wrong = servers.find((server) => isIP(server) === 0)
  if (wrong !== undefined)
    throw new Fault('INVALID_VALUE', { reason: `The name server "${wrong.slice(0, 100)}" is not an IP address.` })
  return servers
}

/** Without what is undefined, so that it can be spread over what is there. */
function given<Values extends object>(values: Values): { [Name in keyof Values]?: Exclude<Values[Name], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never
}
