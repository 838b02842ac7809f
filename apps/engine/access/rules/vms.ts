// Who may do what with VMs, their vNICs and snapshots, and with templates.

import type { PermitName } from '../../store/entities/permits.ts'
import { blankTemplateId } from '../../store/entities/templates.ts'
import { type Asked, all, has, lists, needs, onGiven, onParam, type Rule, sees, when } from './rule.ts'

const onVm = (permit: PermitName, param = 'id') => needs(permit, onParam('vm', param))
const seesVm = sees('vm', 'vm')
const networking = onVm('configure_vm_network', 'vm')
/** The vNIC's profile, if the request names one; an empty one is none. */
const connects = ({ body: { vnic_profile: given } }: Asked) =>
  typeof given === 'object' && given !== null && 'id' in given && given.id !== ''
const connecting = when(connects, needs('configure_vm_network', onGiven('vnic_profile')))
const networkingOfTemplate = needs('configure_template_network', onParam('template', 'template'))
const connectingTemplate = when(connects, needs('configure_template_network', onGiven('vnic_profile')))
/** It is said where the VM is to run; clients send an empty element where it is not. */
const isPlaced = ({ body: { vm } }: Asked) =>
  typeof vm === 'object' && vm !== null && ('host' in vm || 'placement_policy' in vm)
const snapshots = (param = 'vm') => onVm('manipulate_vm_snapshots', param)
const customProperties = (rule: Rule) => when(has('custom_properties'), rule)

export const vmRules: Readonly<Record<string, Rule>> = {
  'GET /vms': lists('vm'),
  'GET /vms/:id': sees('vm'),
  'POST /vms': all(
    needs('create_vm', onGiven('cluster')),
    needs('create_vm', onGiven('template', 'template', blankTemplateId)),
    customProperties(needs('change_vm_custom_properties', onGiven('cluster'))),
  ),
  'PUT /vms/:id': all(
    onVm('edit_vm_properties'),
    when(has('cluster'), needs('create_vm', onGiven('cluster'))),
    customProperties(onVm('change_vm_custom_properties')),
  ),
  'DELETE /vms/:id': onVm('delete_vm'),
  'POST /vms/:id/start': all(onVm('run_vm'), when(isPlaced, onVm('edit_admin_vm_properties'))),
  'POST /vms/:id/stop': onVm('stop_vm'),
  'POST /vms/:id/shutdown': onVm('shut_down_vm'),
  'POST /vms/:id/reboot': onVm('reboot_vm'),
  'POST /vms/:id/suspend': onVm('hibernate_vm'),
  'POST /vms/:id/migrate': onVm('migrate_vm'),
  'POST /vms/:id/cancelmigration': onVm('migrate_vm'),
  'POST /vms/:id/previewsnapshot': snapshots('id'),
  'POST /vms/:id/undosnapshot': snapshots('id'),
  'POST /vms/:id/commitsnapshot': snapshots('id'),
  'GET /vms/:vm/numanodes': seesVm,
  'GET /vms/:vm/statistics': seesVm,
  'GET /vms/:vm/statistics/:id': seesVm,

  'GET /vms/:vm/nics': seesVm,
  'GET /vms/:vm/nics/:id': seesVm,
  'POST /vms/:vm/nics': all(networking, connecting),
  'PUT /vms/:vm/nics/:id': all(networking, connecting),
  'DELETE /vms/:vm/nics/:id': networking,
  'POST /vms/:vm/nics/:id/activate': networking,
  'POST /vms/:vm/nics/:id/deactivate': networking,
  'GET /vms/:vm/nics/:id/diagnosis': seesVm,
  'GET /vms/:vm/nics/:id/traffic': seesVm,
  'GET /vms/:vm/nics/:nic/statistics': seesVm,
  'GET /vms/:vm/nics/:nic/statistics/:id': seesVm,
  'GET /vms/:vm/nics/:nic/reporteddevices': seesVm,
  'GET /vms/:vm/nics/:nic/reporteddevices/:id': seesVm,
  'GET /vms/:vm/nics/:nic/networkfilterparameters': seesVm,
  'GET /vms/:vm/nics/:nic/networkfilterparameters/:id': seesVm,
  'POST /vms/:vm/nics/:nic/networkfilterparameters': networking,
  'PUT /vms/:vm/nics/:nic/networkfilterparameters/:id': networking,
  'DELETE /vms/:vm/nics/:nic/networkfilterparameters/:id': networking,

  'GET /vms/:vm/snapshots': seesVm,
  'GET /vms/:vm/snapshots/:id': seesVm,
  'POST /vms/:vm/snapshots': snapshots(),
  'DELETE /vms/:vm/snapshots/:id': snapshots(),
  'POST /vms/:vm/snapshots/:id/restore': snapshots(),

  'GET /templates': lists('template'),
  'GET /templates/:id': sees('template'),
  'POST /templates': needs('create_template', onGiven('vm')),
  'PUT /templates/:id': needs('edit_template_properties', onParam('template')),
  'DELETE /templates/:id': needs('delete_template', onParam('template')),
  'GET /templates/:template/nics': sees('template', 'template'),
  'GET /templates/:template/nics/:id': sees('template', 'template'),
  'POST /templates/:template/nics': all(networkingOfTemplate, connectingTemplate),
  'PUT /templates/:template/nics/:id': all(networkingOfTemplate, connectingTemplate),
  'DELETE /templates/:template/nics/:id': networkingOfTemplate,
}
