// VMs: made, started, stopped, moved, removed.
import { randomUUID } from 'node:crypto'
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { vmType } from '@patchbay/ovirt-api/types/vms.ts'
import { Fault } from '../faults.ts'
import { migrateVm } from '../lifecycle/migrate-vm.ts'
import type { Parts } from '../lifecycle/parts.ts'
import { removeNics } from '../lifecycle/remove-nics.ts'
import { runVm } from '../lifecycle/run-vm.ts'
import { stopVm } from '../lifecycle/stop-vm.ts'
import type { Vm, VmStatus } from '../store/entities/vms.ts'
import { checkedName, checkedProperties, existing, referenced, refuseUsedName } from './names.ts'

export type VmRequest = ResourceOf<typeof vmType>
type Reference = { readonly id?: string; readonly name?: string }

export interface VmService {
  list(): Promise<Vm[]>
  get(id: string): Promise<Vm>
  add(request: VmRequest): Promise<Vm>
  remove(id: string): Promise<void>
  start(id: string, host: Reference | undefined): Promise<void>
  stop(id: string): Promise<void>
  migrate(id: string, host: Reference | undefined): Promise<void>
}

const defaultMemoryBytes = 1024 ** 3

export function createVmService(parts: Parts): VmService {
  const { store, workflows, events } = parts
  const get = (id: string) => existing(store.vms, 'VM', id)

  async function vmThatIs(allowed: readonly VmStatus[], id: string, action: string): Promise<Vm> {
    const vm = await get(id)
    if (!allowed.includes(vm.status))
      throw new Fault('ACTION_TYPE_FAILED_VM_STATUS_ILLEGAL', { action, vm: vm.name, status: vm.status })
    return vm
  }

  const hostIdOf = async (host: Reference | undefined) => host && (await referenced(store.hosts, 'Host', host)).id

  return {
    list: () => store.vms.find({}),
    get,
    async add({ name, description = '', cluster, memory = defaultMemoryBytes, custom_properties }) {
      const action = 'add VM'
      if (memory < 1024) throw new Fault('INVALID_VALUE', { reason: `${memory} bytes of memory are too few for a VM.` })
      const draft = {
        id: randomUUID(),
        name: checkedName(name, 'Vm'),
        description,
        status: 'down',
        statusDetail: '',
        hostId: '',
        memory,
        customProperties: checkedProperties(custom_properties, action),
      } as const
      return store.transaction(async (tables) => {
        const { id: clusterId } = await referenced(tables.clusters, 'Cluster', cluster)
        await refuseUsedName(tables.vms, draft.name, action)
        const vm: Vm = { ...draft, clusterId }
        await tables.vms.insert(vm)
        return vm
      })
    },
    async remove(id) {
      const action = 'remove VM'
      const check = async () => {
        const vm = await vmThatIs(['down'], id, action)
        return { vm, nics: await store.nics.find({ vmId: id }) }
      }
      await workflows.start(removeNics, { vmId: id, nics: [], vm: await get(id) }, { action, check })
    },
    async start(id, host) {
      const action = 'run VM'
      const vm = await get(id)
      const wantedHostId = await hostIdOf(host)
      const check = async () => {
        await vmThatIs(['down'], id, action)
        return {}
      }
      try {
        const { hostId } = await workflows.start(runVm, { vmId: id, wantedHostId }, { action, check })
        const name = (await store.hosts.get(hostId!))?.name
        await events.tell('USER_RUN_VM', `VM ${vm.name} started on host ${name}.`)
      } catch (error) {
        await events.tell('USER_FAILED_RUN_VM', `Failed to run VM ${vm.name}: ${(error as Error).message}`)
        throw error
      }
    },
    async stop(id) {
      const action = 'stop VM'
      const vm = await get(id)
      const check = async () => ({ hostId: (await vmThatIs(['up', 'paused', 'unknown'], id, action)).hostId })
      await workflows.start(stopVm, { vmId: id, hostId: vm.hostId }, { action, check })
      await events.tell('USER_STOP_VM', `VM ${vm.name} was stopped.`)
    },
    async migrate(id, host) {
      const action = 'migrate VM'
      const vm = await get(id)
      const wantedHostId = await hostIdOf(host)
      const check = async () => ({ sourceId: (await vmThatIs(['up'], id, action)).hostId })
      try {
        const state = { vmId: id, sourceId: vm.hostId, wantedHostId }
        const { destinationId } = await workflows.start(migrateVm, state, { action, check })
        const name = (await store.hosts.get(destinationId!))?.name
        await events.tell('VM_MIGRATION_DONE', `Migration of VM ${vm.name} to host ${name} completed.`)
      } catch (error) {
        await events.tell('VM_MIGRATION_FAILED', `Migration of VM ${vm.name} failed: ${(error as Error).message}`)
        throw error
      }
    },
  }
}
