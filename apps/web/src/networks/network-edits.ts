// What may be changed of a network, and the request that changes it. Hosts that have it follow by themselves.
import { changesOf } from '../form/changes.ts'
import type { Mistakes } from '../form/use-form.ts'
import { addressesIn } from '../subnets/subnet-form.ts'
import { type Network, type NetworkForm, ownMistakes } from './network-form.ts'

export type NetworkEdits = Pick<
  NetworkForm,
  'name' | 'description' | 'comment' | 'mtu' | 'hasVlan' | 'vlanId' | 'vmNetwork' | 'dnsServers' | 'label'
>

/** `label`: '' for none. */
export function editsOf(network: Network, label: string): NetworkEdits {
  const { name = '', description = '', comment = '', mtu = 0, vlan, usages, dns_resolver_configuration: dns } = network
  return {
    ...{ name, description, comment, label },
    mtu: String(mtu),
    hasVlan: vlan?.id !== undefined,
    vlanId: String(vlan?.id ?? ''),
    vmNetwork: usages?.includes('vm') ?? false,
    dnsServers: dns?.name_servers?.join(', ') ?? '',
  }
}

export function editMistakes(edits: NetworkEdits, { name }: Pick<NetworkForm, 'name'>): Mistakes<NetworkEdits> {
  const { name: nameMistake, ...mistakes } = ownMistakes(edits)
  return {
    ...mistakes,
    // One that is there may have any name.
    ...(nameMistake !== undefined && edits.name !== name && { name: nameMistake }),
  }
}

/** Without the label, which is a resource of its own. */
export const editRequest = (before: NetworkEdits, after: NetworkEdits): Network =>
  changesOf(asResource(before), asResource(after))

const asResource = (edits: NetworkEdits): Network => ({
  name: edits.name.trim(),
  description: edits.description,
  comment: edits.comment,
  mtu: Number(edits.mtu),
  // Without an id: no VLAN any more.
  vlan: edits.hasVlan ? { id: Number(edits.vlanId) } : {},
  usages: edits.vmNetwork ? ['vm'] : [],
  dns_resolver_configuration: { name_servers: addressesIn(edits.dnsServers) },
})
