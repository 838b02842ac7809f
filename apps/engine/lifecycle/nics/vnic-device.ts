// The device that a host gets for a vNIC.
import { defaultMtu, defaultTunnelMtu, type VnicDevice } from '../../domain-xml/interface-element.ts'
import { networkFilterOf } from '../../domain-xml/network-filters.ts'
import { isUnmanaged } from '../../providers/unmanaged-client.ts'
import type { Provider } from '../../store/entities/providers.ts'
import type { Nic } from '../../store/entities/vms.ts'
import type { ConnectedVnic, Vnic } from '../../store/vnic-connections.ts'

/** A vNIC's port, as the provider answered it. */
export interface AllocatedPort {
  /** '' where the provider is unmanaged. */
  readonly portId: string
  readonly securityGroups: readonly string[]
}

/** The device that a host gets for this vNIC on its port. */
export function deviceOf({ nic, network, profile, provider }: Vnic, port: AllocatedPort): VnicDevice {
  return {
    nicId: nic.id,
    mac: nic.mac,
    model: nic.model,
    linked: nic.linked,
    bridge: network.vdsmName,
    mtu: network.mtu || (network.physicalNetworkId === '' ? defaultTunnelMtu : defaultMtu),
    properties: {
      // Later ones win: what the engine itself says of the port cannot be overridden.
      ...provider.properties,
      ...profile.customProperties,
      ...(port.portId !== '' && { vnic_id: port.portId }),
      provider_type: providerTypeOf(provider),
      plugin_type: provider.pluginType,
      ...(port.securityGroups.length > 0 && { security_groups: port.securityGroups.join(',') }),
    },
  }
}

/** On a network of the engine's own: the host has a bridge for it, and no driver is asked. */
export function bridgedDevice({ nic, network, profile }: ConnectedVnic): VnicDevice {
  const filter = networkFilterOf(profile.networkFilterId)
  return {
    nicId: nic.id,
    mac: nic.mac,
    model: nic.model,
    linked: nic.linked,
    bridge: network.vdsmName,
    mtu: network.mtu || defaultMtu,
    ...(filter && { filter: filter.name, filterParameters: nic.filterParameters }),
    ...(network.portIsolation && { isIsolated: true }),
    ...(profile.portMirroring && { mirrors: network.vdsmName }),
    properties: profile.customProperties,
  }
}

function providerTypeOf(provider: Provider): string {
  if (isUnmanaged(provider)) return 'unmanaged'
  return provider.type === 'neutron' ? 'OPENSTACK_NETWORK' : 'EXTERNAL_NETWORK'
}

/** A NIC on no network: its link is down and it hangs on VDSM's dummy bridge. */
export function unconnectedDevice(nic: Nic): VnicDevice {
  return {
    nicId: nic.id,
    mac: nic.mac,
    model: nic.model,
    linked: false,
    bridge: ';vdsmdummy;',
    mtu: defaultMtu,
    properties: {},
  }
}
