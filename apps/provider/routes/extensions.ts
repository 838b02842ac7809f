// Which parts of Neutron beyond its core this provider has, under the aliases that clients ask for.
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import type { FastifyInstance } from 'fastify'
import type { Capabilities } from '../backends/backend.ts'

type Offer = readonly [alias: string, name: string, description: string, isThere?: (backend: Capabilities) => boolean]

const offers: readonly Offer[] = [
  [
    'allowed-address-pairs',
    'Allowed Address Pairs',
    'Addresses besides its own that a port may send from.',
    ({ portExtras }) => portExtras?.includes('allowed_address_pairs') ?? false,
  ],
  ['binding', 'Port Binding', 'Where a port is bound: binding:host_id, vif_type, vif_details, profile.'],
  [
    'binding-extended',
    'Port Bindings Extended',
    'Bindings of a port to several hosts, one of them active: ports/{id}/bindings.',
  ],
  ['empty-string-filtering', 'Empty String Filtering Extension', 'A filter without a value asks for what is empty.'],
  [
    'ext-gw-mode',
    'Neutron L3 Configurable external gateway mode',
    'Whether a gateway hides what is behind it: enable_snat.',
  ],
  ['external-net', 'Neutron external network', 'Networks that lead outside: router:external.'],
  [
    'extra_dhcp_opt',
    'Neutron Extra DHCP options',
    'DHCP options of a port besides those of its subnets.',
    ({ portExtras }) => portExtras?.includes('extra_dhcp_opts') ?? false,
  ],
  ['extraroute', 'Neutron Extra Route', 'Static routes of a router: routes.'],
  ['filter-validation', 'Filter parameters validation', 'An unknown filter is refused.'],
  [
    'ip-substring-filtering',
    'IP address substring filtering',
    'fixed_ips=ip_address_substr=… finds ports by a part of an address.',
  ],
  ['net-mtu', 'Network MTU', 'The mtu of a network.'],
  ['net-mtu-writable', 'Network MTU (writable)', 'The mtu of a network can be chosen and changed.'],
  ['network-ip-availability', 'Network IP Availability', 'How many addresses of a network are taken.'],
  ['pagination', 'Pagination support', 'limit and marker.'],
  [
    'patchbay-wires',
    'Port Wires',
    'Where a port is wired: PUT and DELETE ports/{id}/wires/{host}. Where hosts are: tunnel-endpoints/{host}.',
    ({ wires }) => wires,
  ],
  ['port-security', 'Port Security', 'Ports send from their own addresses only.'],
  ['project-id', 'project_id field enabled', 'project_id beside tenant_id.'],
  ['provider', 'Provider Network', 'Type and segment of a network: provider:network_type, segmentation_id.'],
  [
    'quota-check-limit',
    'Quota engine limit check',
    'A limit below what is used is refused where check_limit asks for it.',
  ],
  ['quotas', 'Quota management support', 'How many resources a project may have.'],
  ['quota_details', 'Quota details management support', 'A quota with what is used of it.'],
  ['revision-if-match', 'If-Match constraints', 'A change can demand a revision.'],
  ['router', 'Neutron L3 Router', 'Routers between subnets, their gateways, and floating IPs.'],
  [
    'security-group',
    'security-group',
    'What ports may receive and send: groups of rules.',
    ({ securityGroups }) => securityGroups,
  ],
  [
    'stateful-security-group',
    'Stateful security group',
    'Groups whose rules do not remember connections.',
    ({ securityGroups }) => securityGroups,
  ],
  ['sorting', 'Sorting support', 'sort_key and sort_dir.'],
  ['standard-attr-description', 'standard-attr-description', 'A description of everything.'],
  ['standard-attr-revisions', 'Resource revision numbers', 'revision_number counts changes.'],
  [
    'standard-attr-tag',
    'Tag support for resources with standard attribute: floatingip, network, port, router, security_group, subnet',
    'tags, and filters on them.',
  ],
  ['standard-attr-timestamp', 'Resource timestamps', 'created_at and updated_at.'],
]

export function registerExtensions(app: FastifyInstance, capabilities: Capabilities): void {
  const extensions = offers
    .filter(([, , , isThere]) => isThere?.(capabilities) ?? true)
    .map(([alias, name, description]) => ({
      alias,
      name,
      description,
      updated: '2026-11-22T00:00:00-00:00',
      links: [],
    }))
  app.get('/v2.0/extensions', async () => ({ extensions }))
  app.get('/v2.0/extensions/:alias', async (request) => {
    const { alias } = request.params as { alias: string }
    const extension = extensions.find((each) => each.alias === alias)
    if (!extension) throw new NetworkingError('ExtensionNotFound', { alias })
    return { extension }
  })
}
