// What a request says of a vNIC profile.
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { vnicProfileType } from '@patchbay/ovirt-api/types/networks.ts'
import { defaultFilter } from '../../domain-xml/network-filters.ts'
import { Fault } from '../../faults.ts'
import type { VnicProfile } from '../../store/entities/networks.ts'
import { checkedName, checkedProperties, checkedTexts } from '../names.ts'
import { newProfile } from './new-profile.ts'

export type VnicProfileRequest = ResourceOf<typeof vnicProfileType>

/** As in the real engine, a filter is left out on purpose only: where nothing is said of it, it is the default one. */
export function requestedProfile(request: VnicProfileRequest, networkId: string, action: string): VnicProfile {
  const passThrough = request.pass_through?.mode === 'enabled'
  const networkFilterId = passThrough ? '' : defaultFilter.id
  return changedProfile(newProfile({ name: '', networkId, networkFilterId }), request, action)
}

/** What the request leaves out stays. */
export function changedProfile(before: VnicProfile, request: VnicProfileRequest, action: string): VnicProfile {
  const { description = before.description, comment = before.comment, custom_properties: properties } = request
  if (request.qos?.id !== undefined) throw new Fault('UNSUPPORTED', { what: 'QoS of vNIC profiles' })
  refuseDuplicates(properties ?? [], action)
  const passThrough = request.pass_through?.mode ? request.pass_through.mode === 'enabled' : before.passThrough
  return {
    ...before,
    name: checkedName(request.name ?? before.name, 'VnicProfile'),
    ...checkedTexts({ description, comment }),
    customProperties: properties === undefined ? before.customProperties : checkedProperties(properties, action),
    portMirroring: request.port_mirroring ?? before.portMirroring,
    passThrough,
    migratable: passThrough && (request.migratable ?? before.migratable),
    failoverId: idIn(request.failover) ?? before.failoverId,
    networkFilterId: idIn(request.network_filter) ?? before.networkFilterId,
    publicUse: request.public_use ?? before.publicUse,
  }
}

/** '' for an empty element: none. undefined where nothing is said. */
const idIn = (reference: { readonly id?: string | undefined } | undefined) => reference && (reference.id ?? '')

function refuseDuplicates(properties: readonly { readonly name?: string | undefined }[], action: string): void {
  const names = properties.map(({ name }) => name)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined)
    throw new Fault('ACTION_TYPE_FAILED_INVALID_CUSTOM_PROPERTIES_DUPLICATE_KEYS', { action, names: twice })
}
