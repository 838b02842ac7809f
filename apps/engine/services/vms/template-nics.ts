// The vNICs of a template: those that VMs made from it get.
import { randomUUID } from 'node:crypto'
import { Fault } from '../../faults.ts'
import { checkProfile } from '../../lifecycle/nics/nic-row.ts'
import type { Parts } from '../../lifecycle/workflows/parts.ts'
import { blankTemplateId, type Template, type TemplateNic } from '../../store/entities/templates.ts'
import type { Tables } from '../../store/store.ts'
import { existing } from '../names.ts'
import { changedTemplateNic, type NicRequest, newTemplateNic } from '../nics/nic-requests.ts'

export interface TemplateNicService {
  list(templateId: string): Promise<TemplateNic[]>
  get(templateId: string, id: string): Promise<TemplateNic>
  add(templateId: string, request: NicRequest): Promise<TemplateNic>
  /** What the request leaves out stays. VMs that were made before keep theirs. */
  edit(templateId: string, id: string, request: NicRequest): Promise<TemplateNic>
  remove(templateId: string, id: string): Promise<void>
}

export function createTemplateNicService({ store, events }: Pick<Parts, 'store' | 'events'>): TemplateNicService {
  async function nicOf(tables: Tables, templateId: string, id: string): Promise<TemplateNic> {
    const nic = await existing(tables.templateNics, 'vNIC', id)
    if (nic.templateId !== templateId) throw new Fault('NOT_FOUND', { what: 'vNIC', id })
    return nic
  }

  return {
    async list(templateId) {
      await existing(store.templates, 'Template', templateId)
      return store.templateNics.find({ templateId })
    },
    get: (templateId, id) => nicOf(store, templateId, id),
    async add(templateId, request) {
      const action = 'add Interface'
      const nic: TemplateNic = { ...newTemplateNic(request), id: randomUUID(), templateId }
      const template = await store.transaction(async (tables) => {
        const template = await changeable(tables, templateId, action)
        await check(tables, template, nic, action)
        await tables.templateNics.insert(nic)
        return template
      })
      await events
        .about({ template })
        .tell('NETWORK_ADD_TEMPLATE_INTERFACE', `vNIC ${nic.name} was added to template ${template.name}.`)
      return nic
    },
    async edit(templateId, id, request) {
      const action = 'edit Interface'
      const { template, nic } = await store.transaction(async (tables) => {
        const template = await changeable(tables, templateId, action)
        const nic = changedTemplateNic(await nicOf(tables, templateId, id), request)
        await check(tables, template, nic, action)
        await tables.templateNics.update(id, nic)
        return { template, nic }
      })
      await events
        .about({ template })
        .tell('NETWORK_UPDATE_TEMPLATE_INTERFACE', `vNIC ${nic.name} of template ${template.name} was updated.`)
      return nic
    },
    async remove(templateId, id) {
      const { template, nic } = await store.transaction(async (tables) => {
        const template = await changeable(tables, templateId, 'remove Interface')
        const nic = await nicOf(tables, templateId, id)
        await tables.templateNics.remove(id)
        return { template, nic }
      })
      await events
        .about({ template })
        .tell('NETWORK_REMOVE_TEMPLATE_INTERFACE', `vNIC ${nic.name} was removed from template ${template.name}.`)
    },
  }
}

async function changeable({ templates }: Tables, id: string, action: string): Promise<Template> {
  if (id === blankTemplateId) throw new Fault('VMT_CANNOT_REMOVE_BLANK_TEMPLATE', { action })
  return existing(templates, 'Template', id)
}

async function check(tables: Tables, { id: templateId, clusterId }: Template, nic: TemplateNic, action: string) {
  if (nic.profileId !== '') await checkProfile(tables, nic, clusterId, action)
  const namesakes = await tables.templateNics.find({ templateId, name: nic.name })
  if (namesakes.some(({ id }) => id !== nic.id))
    throw new Fault('ACTION_TYPE_FAILED_NAME_ALREADY_USED', { action, name: nic.name })
}
