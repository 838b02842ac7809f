// What requests say about a vNIC: the row of a new one, and of one that is changed.
import { randomUUID } from 'node:crypto'
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { nicType } from '@patchbay/ovirt-api/types/vms.ts'
import { Fault } from '../../faults.ts'
import type { TemplateNic } from '../../store/entities/templates.ts'
import type { Nic } from '../../store/entities/vms.ts'
import { checkedName } from '../names.ts'

export type NicRequest = ResourceOf<typeof nicType>

/** Without an address, it gets one when its row is written. */
export function newNic(vmId: string, request: NicRequest): Nic {
  return {
    id: randomUUID(),
    vmId,
    name: nameIn(request.name),
    mac: macIn(request) ?? '',
    model: modelIn(request, 'add Interface') ?? 'virtio',
    linked: request.linked ?? true,
    plugged: false,
    hasPort: false,
    profileId: profileIdIn(request) ?? '',
    wiredAs: '',
    filterParameters: [],
  }
}

/** What the request leaves out stays as it is; an empty profile takes the vNIC off its network. */
export function changedNic(before: Nic, request: NicRequest): Nic {
  return { ...before, ...changed(before, request), mac: macIn(request) ?? before.mac }
}

type Changeable = Pick<Nic, 'name' | 'model' | 'linked' | 'plugged' | 'profileId'>

const changed = (before: Changeable, request: NicRequest): Changeable => ({
  name: request.name === undefined ? before.name : nameIn(request.name),
  model: modelIn(request, 'edit Interface') ?? before.model,
  linked: request.linked ?? before.linked,
  plugged: request.plugged ?? before.plugged,
  profileId: profileIdIn(request) ?? before.profileId,
})

/** The same of a template, whose vNICs have no addresses. */
export function newTemplateNic(request: NicRequest): Omit<TemplateNic, 'id' | 'templateId'> {
  const { name, model, linked, profileId } = newNic('', request)
  return { name, model, linked, profileId, plugged: request.plugged ?? true }
}

export function changedTemplateNic(before: TemplateNic, request: NicRequest): TemplateNic {
  const { name, model, linked, plugged, profileId } = changed(before, request)
  return { ...before, name, model, linked, plugged, profileId }
}

const nameIn = (name: string | undefined) => checkedName(name, 'Nic', { max: 50 })

function macIn({ mac }: NicRequest): string | undefined {
  // An empty address is none.
  const wanted = mac?.address?.trim().toLowerCase() || undefined
  if (wanted !== undefined && !/^(?!00(:00){5}$)[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/.test(wanted))
    throw new Fault('INVALID_VALUE', { reason: `"${wanted.slice(0, 40)}" is not a unicast MAC address.` })
  return wanted
}

/** oVirt knows two more, for machines of another architecture and for devices that are passed through. */
function modelIn({ interface: model }: NicRequest, action: string): string | undefined {
  if (model === 'spapr_vlan' || model === 'pci_passthrough')
    throw new Fault('ACTION_TYPE_FAILED_VM_INTERFACE_TYPE_IS_NOT_SUPPORTED_BY_OS', { action, model })
  return model
}

/** '' for a NIC on no network; undefined when nothing is said. */
function profileIdIn({ vnic_profile: profile }: NicRequest): string | undefined {
  // Names of profiles are only unique within their network.
  if (profile?.name !== undefined && (profile as { id?: string }).id === undefined)
    throw new Fault('INCOMPLETE_PARAMETERS', { what: 'VnicProfile [id]', action: 'add' })
  return profile && (profile.id ?? '')
}
