// What requests say about a VM: the row of a new one, and of one that is changed.
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { vmType } from '@patchbay/ovirt-api/types/vms.ts'
import { Fault } from '../../faults.ts'
import type { Template } from '../../store/entities/templates.ts'
import type { Vm } from '../../store/entities/vms.ts'
import { checkedName, checkedProperties, checkedText } from '../names.ts'

export type VmRequest = ResourceOf<typeof vmType>

/** What the request leaves out is as in the template. */
export function newVm(request: VmRequest, template: Template): Omit<Vm, 'id' | 'clusterId'> {
  const { name, description = '', comment = '', memory, custom_properties } = request
  return {
    name: checkedName(name, 'Vm'),
    description: checkedText(description, 'The description'),
    comment: checkedText(comment, 'The comment'),
    memory: checkedMemory(memory ?? template.memory),
    customProperties: custom_properties ? checkedProperties(custom_properties, 'add VM') : template.customProperties,
    templateId: template.id,
    status: 'down',
    statusDetail: '',
    hostId: '',
    savedState: '',
    savedOn: '',
  }
}

/** What the request leaves out stays as it is. What its host was told can only be changed while it is down. */
export function changedVm(before: Vm, request: VmRequest): Vm {
  const action = 'update VM'
  const { name, description, comment, memory, custom_properties, cluster } = request
  if (cluster?.id !== undefined && cluster.id !== before.clusterId)
    throw new Fault('UNSUPPORTED', { what: 'Another cluster for a VM' })
  const after: Vm = {
    ...before,
    name: checkedName(name ?? before.name, 'Vm'),
    description: checkedText(description ?? before.description, 'The description'),
    comment: checkedText(comment ?? before.comment, 'The comment'),
    memory: checkedMemory(memory ?? before.memory),
    customProperties: custom_properties ? checkedProperties(custom_properties, action) : before.customProperties,
  }
  const told = ({ memory, customProperties }: Vm) => JSON.stringify([memory, customProperties])
  if (before.status !== 'down' && told(after) !== told(before))
    throw new Fault('VM_CANNOT_UPDATE_ILLEGAL_FIELD', { action, vm: before.name })
  return after
}

function checkedMemory(bytes: number): number {
  if (bytes < 1024) throw new Fault('INVALID_VALUE', { reason: `${bytes} bytes of memory are too few for a VM.` })
  return bytes
}
