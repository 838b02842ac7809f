// The network interfaces of hosts, and the networks that are attached to them.
import { bool, choice, int, list, reference, referenceTo, resource, struct, text } from '../element.ts'

const ip = struct({ address: text, netmask: text, gateway: text, version: choice('v4', 'v6') })
const bootProtocol = choice('none', 'static', 'dhcp', 'autoconf', 'poly_dhcp_autoconf')

/** By id or name; in answers with where it is. */
const nicReference = struct({ ...reference.fields, href: text })

/** A NIC, a bond, or a VLAN on one of them. */
export const hostNicType = resource('host_nic', 'host_nics', {
  name: text,
  host: referenceTo('hosts'),
  mac: struct({ address: text }),
  mtu: int,
  /** Bits per second. */
  speed: int,
  status: choice('up', 'down'),
  /** The network it carries. */
  network: referenceTo('networks'),
  bridged: bool,
  /** Of a VLAN: what it is on, by name. */
  base_interface: text,
  vlan: struct({ id: int }),
  bonding: struct({
    options: list('option', struct({ name: text, value: text, type: text })),
    slaves: list('host_nic', nicReference),
    active_slave: nicReference,
  }),
  boot_protocol: bootProtocol,
  ip,
  ipv6_boot_protocol: bootProtocol,
  ipv6: ip,
  /** Something of its network's attachment is not as the engine wants it. */
  custom_configuration: bool,
})

/** `host_nic` in requests by id or name. */
export const networkAttachmentType = resource('network_attachment', 'network_attachments', {
  network: referenceTo('networks'),
  host_nic: nicReference,
  host: referenceTo('hosts'),
  ip_address_assignments: list('ip_address_assignment', struct({ assignment_method: bootProtocol, ip })),
  dns_resolver_configuration: struct({ name_servers: list('name_server', text) }),
  /** Network custom properties: they reach the host's hook scripts. */
  properties: list('property', struct({ name: text, value: text })),
  in_sync: bool,
  reported_configurations: list(
    'reported_configuration',
    struct({ name: text, expected_value: text, actual_value: text, in_sync: bool }),
  ),
})

/** The provider that a host is set up for: that of its cluster. */
export const externalProviderConfigurationType = resource(
  'external_network_provider_configuration',
  'external_network_provider_configurations',
  { external_network_provider: referenceTo('openstacknetworkproviders'), host: referenceTo('hosts') },
)

/** On a host, and unknown to its cluster. */
export const unmanagedNetworkType = resource('unmanaged_network', 'unmanaged_networks', {
  name: text,
  host: referenceTo('hosts'),
  host_nic: nicReference,
})
