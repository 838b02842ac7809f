// /templates, and the vNICs that VMs get from them.
import { templateType } from '@patchbay/ovirt-api/types/templates.ts'
import { nicType } from '@patchbay/ovirt-api/types/vms.ts'
import type { FastifyInstance } from 'fastify'
import { templateSearch } from '../../search/searchables.ts'
import type { TemplateNicService } from '../../services/vms/template-nics.ts'
import type { TemplateService } from '../../services/vms/templates.ts'
import type { Template, TemplateNic } from '../../store/entities/templates.ts'
import { registerResource } from '../http/resource-routes.ts'

export function registerTemplates(app: FastifyInstance, templates: TemplateService, nics: TemplateNicService): void {
  registerResource(app, {
    type: templateType,
    path: '/templates',
    present: (template: Template, href) => ({
      value: {
        name: template.name,
        description: template.description,
        comment: template.comment,
        cluster: template.clusterId === '' ? undefined : { id: template.clusterId },
        status: 'ok',
        version: { version_number: 1 },
        memory: template.memory,
        creation_time: template.creationTime,
        custom_properties: Object.entries(template.customProperties).map(([name, value]) => ({ name, value })),
      },
      shown: { links: { nics: `${href}/nics` } },
    }),
    search: templateSearch,
    list: (_params, wanted) => templates.list(wanted),
    get: ({ id }) => templates.get(id!),
    add: (request) => templates.add(request),
    edit: (request, { id }) => templates.edit(id!, request),
    remove: ({ id }) => templates.remove(id!),
  })
  registerResource(app, {
    type: nicType,
    path: '/templates/:template/nics',
    present: (nic: TemplateNic) => ({
      value: {
        name: nic.name,
        interface: nic.model as 'virtio',
        linked: nic.linked,
        plugged: nic.plugged,
        vnic_profile: nic.profileId === '' ? undefined : { id: nic.profileId },
      },
    }),
    list: ({ template }) => nics.list(template!),
    get: ({ template, id }) => nics.get(template!, id!),
    add: (request, { template }) => nics.add(template!, request),
    edit: (request, { template, id }) => nics.edit(template!, id!, request),
    remove: ({ template, id }) => nics.remove(template!, id!),
  })
}
