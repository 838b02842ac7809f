// What is asked of the engine about virtual machines.
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import { vmType } from '@patchbay/ovirt-api/types/vms.ts'
import { request } from '../engine/request.ts'
import { writeResource } from '../engine/resource.ts'
import type { VmAction } from './vm-rules.ts'

/** What changes with a virtual machine. */
export const vmKinds = ['vm', 'nic', 'openstack_port', 'event', 'job']

export const addVm = (vm: ResourceOf<typeof vmType>) => request('POST', '/vms', writeResource(vmType, vm))

export const runAction = (id: string, action: VmAction | 'cancelmigration') =>
  request('POST', `/vms/${id}/${action}`, {})

/** `hostId` '': the engine chooses one. Answers when it has moved. */
export const migrateVm = (id: string, hostId: string) =>
  request('POST', `/vms/${id}/migrate`, hostId === '' ? {} : { host: { id: hostId } })

export const removeVm = (id: string) => request('DELETE', `/vms/${id}`)
