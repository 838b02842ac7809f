// The form of a network: of the engine's own, or one that is made on a provider. Fields and rules are those of oVirt's dialog.
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import type { Mistakes } from '../form/use-form.ts'
import { addressesIn, blankSubnet, type SubnetForm, subnetMistakes, subnetRequest } from '../subnets/subnet-form.ts'
import { text } from '../text/networks.ts'

export type Network = ResourceOf<typeof networkType>

export interface NetworkForm {
  readonly dataCenterId: string
  readonly name: string
  readonly description: string
  readonly comment: string
  readonly mtu: string
  readonly hasVlan: boolean
  /** Of the network; of the physical network at the provider where that is a custom one. */
  readonly vlanId: string
  readonly vmNetwork: boolean
  readonly portIsolation: boolean
  readonly dnsServers: string
  readonly onProvider: boolean
  readonly providerId: string
  readonly portSecurity: 'enabled' | 'disabled' | 'undefined'
  readonly physical: 'none' | 'network' | 'custom'
  readonly physicalNetworkId: string
  readonly physicalName: string
  readonly hasSubnet: boolean
  readonly subnet: SubnetForm
  readonly publicUse: boolean
  readonly label: string
  /** Where it is attached; undefined: to all that it may be. */
  readonly clusterIds: readonly string[] | undefined
}

export const blankNetwork: NetworkForm = {
  dataCenterId: '',
  name: '',
  description: '',
  comment: '',
  mtu: '0',
  hasVlan: false,
  vlanId: '',
  vmNetwork: true,
  portIsolation: false,
  dnsServers: '',
  onProvider: false,
  providerId: '',
  portSecurity: 'enabled',
  physical: 'none',
  physicalNetworkId: '',
  physicalName: '',
  hasSubnet: false,
  subnet: blankSubnet,
  publicUse: true,
  label: '',
  clusterIds: undefined,
}

/** What one choice makes of the others. */
export function changedNetwork(form: NetworkForm, change: Partial<NetworkForm>): NetworkForm {
  const next = { ...form, ...change }
  if (change.dataCenterId !== undefined && change.dataCenterId !== form.dataCenterId)
    return { ...next, clusterIds: undefined, physicalNetworkId: '' }
  if (change.onProvider)
    return { ...next, vmNetwork: true, portIsolation: false, dnsServers: '', hasVlan: false, label: '' }
  if (change.vmNetwork === false) return { ...next, portIsolation: false }
  if (change.physical !== undefined) return { ...next, hasVlan: false, vlanId: '' }
  return next
}

export function networkMistakes(form: NetworkForm): Mistakes<NetworkForm> {
  const mistakes: Mistakes<NetworkForm> = ownMistakes(form)
  if (form.dataCenterId === '') mistakes.dataCenterId = text.needed
  return form.onProvider ? { ...mistakes, ...providerMistakes(form) } : mistakes
}

/** Of whatever network. */
export function ownMistakes(
  form: Pick<NetworkForm, 'name' | 'mtu' | 'hasVlan' | 'vlanId' | 'label'>,
): Mistakes<Pick<NetworkForm, 'name' | 'mtu' | 'vlanId' | 'label'>> {
  const mistakes: Mistakes<Pick<NetworkForm, 'name' | 'mtu' | 'vlanId' | 'label'>> = {}
  if (form.name.trim() === '') mistakes.name = text.needed
  else if (/^bond/i.test(form.name)) mistakes.name = text.nameBond
  if (!/^\d{1,10}$/.test(form.mtu) || (Number(form.mtu) > 0 && Number(form.mtu) < 68)) mistakes.mtu = text.mtuMistake
  if (form.hasVlan && !(/^\d{1,4}$/.test(form.vlanId) && Number(form.vlanId) <= 4094))
    mistakes.vlanId = text.vlanMistake
  if (!/^[\w-]{0,50}$/.test(form.label.trim())) mistakes.label = text.labelMistake
  return mistakes
}

function providerMistakes(form: NetworkForm): Mistakes<NetworkForm> {
  const mistakes: Mistakes<NetworkForm> = {}
  if (form.providerId === '') mistakes.providerId = text.needed
  if (form.physical === 'network' && form.physicalNetworkId === '') mistakes.physicalNetworkId = text.needed
  if (form.physical === 'custom' && form.physicalName.trim() === '') mistakes.physicalName = text.needed
  if (form.hasSubnet && Object.keys(subnetMistakes(form.subnet)).length > 0) mistakes.subnet = text.needed
  return mistakes
}

/** `clusterIds`: those that it may be attached to. Without the label, which is a resource of its own. */
export function networkRequest(form: NetworkForm, clusterIds: readonly string[]): Network {
  const { onProvider } = form
  return {
    name: form.name.trim(),
    data_center: { id: form.dataCenterId },
    description: form.description,
    comment: form.comment,
    mtu: Number(form.mtu),
    usages: form.vmNetwork ? ['vm'] : [],
    public_use: form.publicUse,
    clusters: (form.clusterIds ?? clusterIds).map((id) => ({ id })),
    ...(onProvider ? providerElements(form) : ownElements(form)),
  }
}

function ownElements({ hasVlan, vlanId, portIsolation, dnsServers }: NetworkForm): Network {
  const servers = addressesIn(dnsServers)
  return {
    ...(hasVlan && { vlan: { id: Number(vlanId) } }),
    port_isolation: portIsolation,
    ...(servers.length > 0 && { dns_resolver_configuration: { name_servers: servers } }),
  }
}

function providerElements(form: NetworkForm): Network {
  const isCustom = form.physical === 'custom'
  return {
    external_provider: { id: form.providerId },
    ...(form.portSecurity !== 'undefined' && { port_security_enabled: form.portSecurity === 'enabled' }),
    ...(form.physical === 'network' && { external_provider_physical_network: { id: form.physicalNetworkId } }),
    ...(isCustom && { external_provider_physical_network_name: form.physicalName.trim() }),
    ...(isCustom && form.hasVlan && { external_provider_vlan: { id: Number(form.vlanId) } }),
    ...(form.hasSubnet && { subnets: [subnetRequest(form.subnet)] }),
  }
}
