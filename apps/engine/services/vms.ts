// VMs: made, started, stopped, moved, removed.
import { randomUUID } from 'node:crypto'
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { vmType } from '@patchbay/ovirt-api/types.ts'
import { Fault } from '../faults.ts'
import { migrateVm } from '../lifecycle/migrate-vm.ts'
import type { Parts } from '../lifecycle/parts.ts'
import { removeNics } from '../lifecycle/remove-nics.ts'
import { runVm } from '../lifecycle/run-vm.ts'
import { stopVm } from '../lifecycle/stop-vm.ts'
import type { Vm, VmStatus } from '../store/entities.ts'
import { checkedName, checkedProperties, existing, referenced, refuseUsedName } from './names.ts'

export type VmRequest = ResourceOf<typeof vmType>
type Reference = { readonly id?: string; readonly name?: string }

export interface VmService {
  list(): Promise<Vm[]>
  get(id: string): Promise<Vm>
  add(request: VmRequest): Promise<Vm>
  remove(id: string, correlationId: string): Promise<void>
  start(id: string, host: Reference | undefined, correlationId: string): Promise<void>
  stop(id: string, correlationId: string): Promise<void>
  migrate(id: string, host: Reference | undefined, correlationId: string): Promise<void>
}

const defaultMemoryBytes = 1024 ** 3

export function createVmService(parts: Parts): VmService {
  const { store, workflows, events } = parts
  const get = (id: string) => existing(store.vms, 'VM', id)

  async function checkStatus(id: string, action: string, allowed: readonly VmStatus[]): Promise<void> {
    const vm = await get(id)
    if (!allowed.includes(vm.status))
      throw new Fault('ACTION_TYPE_FAILED_VM_STATUS_ILLEGAL', { action, vm: vm.name, status: vm.status })
  }

  const hostIdOf = async (host: Reference | undefined) => host && (await referenced(store.hosts, 'Host', host)).id

  return {
    list: () => store.vms.find({}),
    get,
    async add({ name, description = '', cluster, memory = defaultMemoryBytes, custom_properties }) {
      const action = 'add VM'
      const { id: clusterId } = await referenced(store.clusters, 'Cluster', cluster)
      const vm: Vm = {
        id: randomUUID(),
        name: checkedName(name, 'Vm'),
        description,
        clusterId,
        status: 'down',
        statusDetail: '',
        hostId: '',
        memory,
        customProperties: checkedProperties(custom_properties, action),
      }
      await refuseUsedName(store.vms, vm.name, action)
      await store.vms.insert(vm)
      return vm
    },
    async remove(id, correlationId) {
      const vm = await get(id)
      const nics = await store.nics.find({ vmId: id })
      await workflows.start(
        removeNics,
        { vmId: id, nics, vm },
        {
          action: 'remove VM',
          correlationId,
          check: () => checkStatus(id, 'remove VM', ['down']),
        },
      )
    },
    async start(id, host, correlationId) {
      const vm = await get(id)
      const wantedHostId = await hostIdOf(host)
      try {
        const { hostId } = await workflows.start(
          runVm,
          { vmId: id, wantedHostId },
          { action: 'run VM', correlationId, check: () => checkStatus(id, 'run VM', ['down']) },
        )
        await events.tell(
          'USER_RUN_VM',
          `VM ${vm.name} started on host ${(await store.hosts.get(hostId!))?.name}.`,
          correlationId,
        )
      } catch (error) {
        await events.tell(
          'USER_FAILED_RUN_VM',
          `Failed to run VM ${vm.name}: ${(error as Error).message}`,
          correlationId,
        )
        throw error
      }
    },
    async stop(id, correlationId) {
      const vm = await get(id)
      await workflows.start(
        stopVm,
        { vmId: id, hostId: vm.hostId },
        { action: 'stop VM', correlationId, check: () => checkStatus(id, 'stop VM', ['up', 'paused', 'unknown']) },
      )
      await events.tell('USER_STOP_VM', `VM ${vm.name} was stopped.`, correlationId)
    },
    async migrate(id, host, correlationId) {
      const vm = await get(id)
      const wantedHostId = await hostIdOf(host)
      try {
        const state = await workflows.start(
          migrateVm,
          { vmId: id, sourceId: vm.hostId, wantedHostId },
          { action: 'migrate VM', correlationId, check: () => checkStatus(id, 'migrate VM', ['up']) },
        )
        const name = (await store.hosts.get(state.destinationId!))?.name
        await events.tell('VM_MIGRATION_DONE', `Migration of VM ${vm.name} to host ${name} completed.`, correlationId)
      } catch (error) {
        await events.tell(
          'VM_MIGRATION_FAILED',
          `Migration of VM ${vm.name} failed: ${(error as Error).message}`,
          correlationId,
        )
        throw error
      }
    },
  }
}
