// /vms and their vNICs: the lifecycle as actions.
import { bool, list, reference, struct } from '@patchbay/ovirt-api/element.ts'
import { readElements } from '@patchbay/ovirt-api/json.ts'
import { nicType, numaNodeType, vmType } from '@patchbay/ovirt-api/types/vms.ts'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { vmSearch } from '../../search/searchables.ts'
import type { ShownNic } from '../../services/nics/nics.ts'
import type { StartRequest } from '../../services/vms/vm-actions.ts'
import type { Vm } from '../../store/entities/vms.ts'
import { registerAction, registerResource } from '../http/resource-routes.ts'

export function registerVms(
  app: FastifyInstance,
  { vms, vmActions, nics }: Pick<Context, 'vms' | 'vmActions' | 'nics'>,
): void {
  const actionLinks = (href: string, ...names: string[]) =>
    Object.fromEntries(names.map((name) => [name, `${href}/${name}`]))
  registerResource(app, {
    type: vmType,
    path: '/vms',
    present: (vm: Vm, href) => ({
      value: presentVm(vm),
      shown: {
        links: actionLinks(href, 'nics', 'snapshots', 'statistics'),
        actions: actionLinks(href, ...actionNames),
      },
    }),
    search: vmSearch,
    list: (_params, wanted) => vms.list(wanted),
    get: ({ id }) => vms.get(id!),
    add: (request) => vms.add(request),
    edit: (request, { id }) => vms.edit(id!, request),
    remove: ({ id }) => vms.remove(id!),
  })
  registerAction(app, '/vms/:id/start', ({ id }, body) => vmActions.start(id!, startOf(body)))
  registerAction(app, '/vms/:id/stop', ({ id }) => vmActions.stop(id!))
  registerAction(app, '/vms/:id/shutdown', ({ id }) => vmActions.shutdown(id!))
  registerAction(app, '/vms/:id/reboot', ({ id }) => vmActions.reboot(id!))
  registerAction(app, '/vms/:id/suspend', ({ id }) => vmActions.suspend(id!))
  registerAction(app, '/vms/:id/cancelmigration', ({ id }) => vmActions.cancelMigration(id!))
  registerAction(app, '/vms/:id/migrate', ({ id }, body) =>
    vmActions.migrate(id!, readElements({ host: reference }, body, 'action').host),
  )

  registerResource(app, {
    type: nicType,
    path: '/vms/:vm/nics',
    present: (nic: ShownNic, href) => ({
      value: presentNic(nic),
      shown: {
        links: actionLinks(href, 'statistics', 'reporteddevices', 'networkfilterparameters'),
        actions: actionLinks(href, 'activate', 'deactivate'),
      },
    }),
    list: ({ vm }) => nics.list(vm!),
    get: ({ vm, id }) => nics.get(vm!, id!),
    add: (request, { vm }) => nics.add(vm!, request),
    edit: (request, { vm, id }) => nics.edit(vm!, id!, request),
    remove: ({ vm, id }) => nics.remove(vm!, id!),
  })
  // oVirt's Ansible module for VMs looks here always.
  registerResource(app, {
    type: numaNodeType,
    path: '/vms/:vm/numanodes',
    present: () => ({ value: {} }),
    async list({ vm }) {
      await vms.get(vm!)
      return []
    },
  })
  registerAction(app, '/vms/:vm/nics/:id/activate', ({ vm, id }) => nics.plug(vm!, id!))
  registerAction(app, '/vms/:vm/nics/:id/deactivate', ({ vm, id }) => nics.unplug(vm!, id!))
}

const actionNames = [
  ...['start', 'stop', 'shutdown', 'reboot', 'suspend', 'migrate', 'cancelmigration'],
  ...['previewsnapshot', 'undosnapshot', 'commitsnapshot'],
]

const startElements = {
  vm: struct({ host: reference, placement_policy: struct({ hosts: list('host', reference) }) }),
  pause: bool,
}

/** Where the VM is to start: `<vm><placement_policy><hosts><host id=…/>`, as oVirt has it, or (ours) `<vm><host id=…/>`. */
function startOf(body: object): StartRequest {
  const { vm, pause: isPaused = false } = readElements(startElements, body, 'action')
  return { host: vm?.host ?? vm?.placement_policy?.hosts?.[0], isPaused }
}

const presentVm = (vm: Vm) => ({
  name: vm.name,
  description: vm.description,
  comment: vm.comment,
  cluster: { id: vm.clusterId },
  template: { id: vm.templateId },
  host: vm.hostId === '' ? undefined : { id: vm.hostId },
  status: vm.status,
  status_detail: vm.statusDetail || undefined,
  memory: vm.memory,
  cpu: { topology: { cores: 1, sockets: 1, threads: 1 } },
  custom_properties: Object.entries(vm.customProperties).map(([name, value]) => ({ name, value })),
})

const presentNic = (nic: ShownNic) => ({
  name: nic.name,
  interface: nic.model as 'virtio',
  linked: nic.linked,
  plugged: nic.plugged,
  synced: nic.synced,
  mac: { address: nic.mac },
  vnic_profile: nic.profileId === '' ? undefined : { id: nic.profileId },
  vm: { id: nic.vmId },
})
