// `binding:vnic_type`: how a guest is to be connected. Here by a virtual interface only.
import { NetworkingError } from '../errors.ts'
import { type Kind, oneOf } from './kinds.ts'

const known = oneOf([
  'normal',
  'direct',
  'macvtap',
  'baremetal',
  'direct-physical',
  'virtio-forwarder',
  'smart-nic',
  'vdpa',
  'accelerator-direct',
  'accelerator-direct-physical',
  'remote-managed',
])

export const vnicType: Kind<'normal'> = {
  schema: { enum: ['normal'] },
  parse(input, attribute) {
    const type = known.parse(input, attribute)
    if (type === 'normal') return type
    throw new NetworkingError('HTTPNotImplemented', { what: `A port with ${attribute} '${type}'` })
  },
}
