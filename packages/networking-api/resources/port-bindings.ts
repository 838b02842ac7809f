// Port bindings (Neutron's extension `binding-extended`): the hosts that a port may be at. One binding is ACTIVE, the
// port's own `binding:…` attributes; the others are INACTIVE, as at the destination of a migration.

import { atCreation, readOnly, required, type Values, writable } from '../resource.ts'
import { bool, flatMap, invalid, type Kind, oneOf, shape, text } from './kinds.ts'
import { vnicType } from './vnic-type.ts'

const name = text()
/** A host as the network knows it. OVN separates several by commas. */
export const hostId: Kind<string> = {
  schema: { ...name.schema, pattern: '^[^,]*$' },
  parse(input, attribute) {
    const host = name.parse(input, attribute)
    if (host.includes(',')) throw invalid(attribute, `'${host}' has a comma: it is no name of one host`)
    return host
  },
}

const someHost: Kind<string> = {
  schema: { ...hostId.schema, minLength: 1 },
  parse(input, attribute) {
    const host = hostId.parse(input, attribute)
    if (host === '') throw invalid(attribute, 'it is empty')
    return host
  },
}

/** How a port keeps a binding that is not the active one. */
export interface InactiveBinding {
  readonly host: string
  readonly vnic_type: 'normal'
  readonly profile: Record<string, string | number | boolean | null>
  /** The VIF may be wired there already, as before a migration. False: it was there until another was activated. */
  readonly prepared: boolean
}

export const inactiveBinding: Kind<InactiveBinding> = shape<InactiveBinding>(
  { host: someHost, vnic_type: vnicType, profile: flatMap, prepared: bool },
  ['host', 'vnic_type', 'profile', 'prepared'],
  (shown) => `'${shown}' is no inactive binding`,
)

/** Of one port, without the active one. A VM is at two hosts at most. */
export const maxInactiveBindings = 10

const attributes = {
  host: required(someHost),
  vif_type: readOnly(text()),
  vif_details: readOnly(flatMap),
  vnic_type: writable(vnicType, 'normal'),
  profile: writable(flatMap, {}),
  status: readOnly(oneOf(['ACTIVE', 'INACTIVE'])),
  /** The port's: what a request says is not heeded. */
  project_id: atCreation(text()),
} as const

export const portBindingType = { singular: 'binding', plural: 'bindings', attributes } as const

export type PortBindingAttributes = typeof attributes
export type PortBinding = Values<PortBindingAttributes>
