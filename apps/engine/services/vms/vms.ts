// VMs: made, changed, removed.
import { randomUUID } from 'node:crypto'
import type { Access } from '../../access/access.ts'
import { ownedByMaker } from '../../access/maker.ts'
import { on } from '../../access/objects.ts'
import { userVmManagerId } from '../../access/predefined-roles.ts'
import { Fault } from '../../faults.ts'
import { insertNic } from '../../lifecycle/nics/nic-row.ts'
import { removeNics } from '../../lifecycle/nics/remove-nics.ts'
import type { Parts } from '../../lifecycle/workflows/parts.ts'
import { blankTemplateId } from '../../store/entities/templates.ts'
import type { Vm } from '../../store/entities/vms.ts'
import type { Tables } from '../../store/store.ts'
import type { RowQuery } from '../../store/table.ts'
import { existing, referenced, refuseUsedName } from '../names.ts'
import { nicsFrom } from './templates.ts'
import { changedVm, newVm, type VmRequest } from './vm-requests.ts'
import { vmThatIs } from './vm-that-is.ts'

export interface VmService {
  list(wanted: RowQuery): Promise<Vm[]>
  get(id: string): Promise<Vm>
  add(request: VmRequest): Promise<Vm>
  edit(id: string, request: VmRequest): Promise<Vm>
  remove(id: string): Promise<void>
}

export function createVmService(parts: Parts, access: Access): VmService {
  const { store, workflows, events } = parts
  const get = (id: string) => existing(store.vms, 'VM', id)

  return {
    list: (wanted) => store.vms.select(wanted),
    get,
    async add(request) {
      const rights = await access.current()
      const made = await store.transaction(async (tables) => {
        const blank = { id: blankTemplateId }
        const template = await referenced(tables.templates, 'Template', request.template ?? blank)
        const draft = newVm(request, template)
        const { id: clusterId } = await referenced(tables.clusters, 'Cluster', request.cluster)
        await refuseUsedName(tables.vms, draft.name, 'add VM')
        const vm: Vm = { ...draft, id: randomUUID(), clusterId }
        await tables.vms.insert(vm)
        await ownedByMaker(tables, rights, userVmManagerId, on('cluster', clusterId), on('vm', vm.id))
        for (const nic of await nicsFrom(tables, template.id, vm.id)) await insertNic(tables, nic)
        return vm
      })
      await events.about({ vm: made }).tell('USER_ADD_VM', `VM ${made.name} was created.`)
      return made
    },
    async edit(id, request) {
      const action = 'update VM'
      const { name } = await get(id)
      const update = () =>
        store.transaction(async (tables) => {
          const before = await existing(tables.vms, 'VM', id)
          const after = changedVm(before, request)
          if (after.name !== before.name) await refuseUsedName(tables.vms, after.name, action)
          await tables.vms.update(id, after)
          await events.about({ vm: after }).record(tables, 'USER_UPDATE_VM', `VM ${after.name} was updated.`)
        })
      await events
        .about({ vm: { id, name } })
        .tellFailure('USER_FAILED_UPDATE_VM', `Failed to update VM ${name}`, () =>
          parts.locks.during([`vm:${id}`], action, update, { isBrief: true }),
        )
      return get(id)
    },
    async remove(id) {
      const action = 'remove VM'
      const check = async () => {
        const vm = await vmThatIs(store, ['down'], id, action)
        if ((await store.snapshots.find({ vmId: id, type: 'preview' })).length > 0)
          throw new Fault('ACTION_TYPE_FAILED_VM_IN_PREVIEW', { action, vm: vm.name })
        return { vm, nics: await store.nics.find({ vmId: id }) }
      }
      const vm = await get(id)
      const record = (_: unknown, tables: Tables) =>
        events.about({ vm }).record(tables, 'USER_REMOVE_VM_FINISHED', `VM ${vm.name} was removed.`)
      await workflows.start(removeNics, { vmId: id, nics: [], vm }, { action, of: vm.name, check, record })
    },
  }
}
