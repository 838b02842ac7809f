// Templates: what VMs are made from, with the vNICs that they get. One is always there and is empty.
import { randomUUID } from 'node:crypto'
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { templateType } from '@patchbay/ovirt-api/types/templates.ts'
import type { Access } from '../../access/access.ts'
import { ownedByMaker } from '../../access/maker.ts'
import { on } from '../../access/objects.ts'
import { templateOwnerId } from '../../access/predefined-roles.ts'
import { Fault } from '../../faults.ts'
import type { Parts } from '../../lifecycle/workflows/parts.ts'
import { blankTemplateId, type Template } from '../../store/entities/templates.ts'
import type { Nic } from '../../store/entities/vms.ts'
import type { Tables } from '../../store/store.ts'
import { checkedName, checkedText, existing, referenced, refuseUsedName } from '../names.ts'
import { reading, type ServiceOf } from '../service.ts'

export type TemplateRequest = ResourceOf<typeof templateType>

export interface TemplateService extends ServiceOf<Template, TemplateRequest> {
  edit(id: string, request: TemplateRequest): Promise<Template>
}

export function createTemplateService({ store, events, locks }: Parts, access: Access): TemplateService {
  return {
    ...reading(store.templates, 'Template'),
    async add(request) {
      const action = 'add Template'
      const { id: vmId } = await referenced(store.vms, 'Vm', request.vm)
      const rights = await access.current()
      const insert = () =>
        store.transaction(async (tables) => {
          const { name: vm, status, memory, customProperties, clusterId } = await existing(tables.vms, 'VM', vmId)
          if (status !== 'down') throw new Fault('ACTION_TYPE_FAILED_VM_STATUS_ILLEGAL', { action, vm, status })
          const made: Template = {
            id: randomUUID(),
            name: checkedName(request.name, 'Template'),
            description: checkedText(request.description ?? '', 'The description'),
            comment: checkedText(request.comment ?? '', 'The comment'),
            ...{ clusterId, memory, customProperties },
            creationTime: new Date().toISOString(),
          }
          await refuseUsedName(tables.templates, made.name, action)
          await tables.templates.insert(made)
          await ownedByMaker(tables, rights, templateOwnerId, on('cluster', clusterId), on('template', made.id))
          for (const { name, model, linked, plugged, profileId } of await tables.nics.find({ vmId })) {
            const nic = { id: randomUUID(), templateId: made.id, name, model, linked, plugged, profileId }
            await tables.templateNics.insert(nic)
          }
          return made
        })
      const made = await locks.during([`vm:${vmId}`], action, insert)
      await events
        .about({ template: made })
        .tell('USER_ADD_VM_TEMPLATE_FINISHED_SUCCESS', `Template ${made.name} was added.`)
      return made
    },
    async edit(id, request) {
      const action = 'update Template'
      const after = await store.transaction(async ({ templates }) => {
        const before = await existing(templates, 'Template', id)
        refuseBlank(before, action)
        const changed = {
          ...before,
          name: checkedName(request.name ?? before.name, 'Template'),
          description: checkedText(request.description ?? before.description, 'The description'),
          comment: checkedText(request.comment ?? before.comment, 'The comment'),
        }
        if (changed.name !== before.name) await refuseUsedName(templates, changed.name, action)
        await templates.update(id, changed)
        return changed
      })
      await events.about({ template: after }).tell('USER_UPDATE_VM_TEMPLATE', `Template ${after.name} was updated.`)
      return after
    },
    async remove(id) {
      const action = 'remove Template'
      const { name } = await store.transaction(async ({ templates, templateNics, vms }) => {
        const template = await existing(templates, 'Template', id)
        refuseBlank(template, action)
        const derived = (await vms.find({ templateId: id })).map((vm) => vm.name)
        if (derived.length > 0) throw new Fault('VMT_CANNOT_REMOVE_DETECTED_DERIVED_VM', { vms: derived.join(', ') })
        for (const nic of await templateNics.find({ templateId: id })) await templateNics.remove(nic.id)
        await templates.remove(id)
        return template
      })
      await events.about({ template: { id, name } }).tell('USER_REMOVE_VM_TEMPLATE', `Template ${name} was removed.`)
    },
  }
}

function refuseBlank({ id }: Template, action: string): void {
  if (id === blankTemplateId) throw new Fault('VMT_CANNOT_REMOVE_BLANK_TEMPLATE', { action })
}

/** The vNICs of a new VM from its template: the same, with addresses that they get when they are written. */
export async function nicsFrom({ templateNics }: Tables, templateId: string, vmId: string): Promise<Nic[]> {
  return (await templateNics.find({ templateId })).map(({ name, model, linked, plugged, profileId }) => ({
    ...{ id: randomUUID(), vmId, mac: '', hasPort: false, wiredAs: '', filterParameters: [] },
    ...{ name, model, linked, plugged, profileId },
  }))
}
