// The floating IP resource: an address of an external network that stands for a port behind a router.

import { atCreation, type Change, type Draft, readOnly, required, type Values, writable } from '../resource.ts'
import { integer, ipAddress, nullable, oneOf, text, uuid } from './kinds.ts'
import { tags } from './tags.ts'

const attributes = {
  id: readOnly(uuid),
  description: writable(text(), ''),
  tenant_id: atCreation(text()),
  project_id: atCreation(text()),
  floating_network_id: required(uuid),
  /** Left out or `null`: any address of the network. */
  floating_ip_address: atCreation(nullable(ipAddress)),
  /** Where the address is taken from. Answers do not show it. */
  subnet_id: { ...atCreation(nullable(uuid)), hidden: true as const },
  /** The port that it stands for. `null`: none. */
  port_id: writable(nullable(uuid), null),
  /** The address of that port, which needs to be told where it has several. */
  fixed_ip_address: writable(nullable(ipAddress)),
  /** The router that translates. */
  router_id: readOnly(nullable(uuid)),
  /** ACTIVE while it stands for a port. */
  status: readOnly(oneOf(['ACTIVE', 'DOWN'])),
  tags: { ...readOnly(tags), initial: [] },
  created_at: readOnly(text()),
  updated_at: readOnly(text()),
  revision_number: readOnly(integer({ min: 0, max: Number.MAX_SAFE_INTEGER })),
} as const

export const floatingIpType = { singular: 'floatingip', plural: 'floatingips', attributes } as const

export type FloatingIpAttributes = typeof attributes
export type FloatingIpDraft = Draft<FloatingIpAttributes>
export type FloatingIpChange = Change<FloatingIpAttributes>
/** Its id is that of its port on the external network, too. */
export type FloatingIp = Omit<Values<FloatingIpAttributes>, 'subnet_id' | 'floating_ip_address'> & {
  readonly floating_ip_address: string
}
