// The network resource: a layer-2 segment that ports attach to.
import { invalidInput } from '../errors.ts'
import { atCreation, type Draft, readOnly, type Values, writable } from '../resource.ts'
import { bool, integer, listOf, nullable, oneOf, show, text, uuid } from './kinds.ts'
import { tags } from './tags.ts'

const networkTypes = oneOf(['vxlan', 'flat', 'vlan', 'geneve'])

/** A type nobody knows gets the answer of a type that the backend lacks. */
const networkTypeName: typeof networkTypes = {
  schema: networkTypes.schema,
  parse(input, attribute) {
    try {
      return networkTypes.parse(input, attribute)
    } catch {
      throw invalidInput(`network_type value '${show(input)}' not supported`)
    }
  },
}

const attributes = {
  id: readOnly(uuid),
  name: writable(text(), ''),
  description: writable(text(), ''),
  /** Of the owner. `project_id` is the same under its newer name; a request may use either. */
  tenant_id: atCreation(text()),
  project_id: atCreation(text()),
  admin_state_up: writable(bool, true),
  status: readOnly(oneOf(['ACTIVE', 'DOWN'])),
  /** Bytes of IP payload a port may send. Left out or 0: what the provider's transport carries, which is also the most. */
  mtu: writable(integer({ min: 0, max: 2_147_483_647 })),
  shared: writable(bool, false),
  'router:external': writable(bool, false),
  port_security_enabled: writable(bool, true),
  'provider:network_type': atCreation(networkTypeName),
  'provider:physical_network': atCreation(nullable(text(64))),
  /** vxlan and geneve: the VNI; vlan: the tag. */
  'provider:segmentation_id': atCreation(nullable(integer({ min: 1, max: 16_777_215 }))),
  subnets: readOnly(listOf(uuid)),
  tags: { ...readOnly(tags), initial: [] },
  created_at: readOnly(text()),
  updated_at: readOnly(text()),
  revision_number: readOnly(integer({ min: 0, max: Number.MAX_SAFE_INTEGER })),
} as const

export const networkType = { singular: 'network', plural: 'networks', attributes } as const

export type NetworkAttributes = typeof attributes
export type Network = Values<NetworkAttributes>
export type NetworkDraft = Draft<NetworkAttributes>
