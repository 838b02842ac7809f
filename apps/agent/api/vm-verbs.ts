// The verbs of VDSM's VM class.
import type { Method } from '@patchbay/vdsm-rpc/calls/call-dispatcher.ts'
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import type { Context } from '../context.ts'
import { getVmStats } from '../stats/vm-stats.ts'
import { createVm } from '../vms/create-vm.ts'
import { destroyVm } from '../vms/destroy-vm.ts'
import { domainOf } from '../vms/domain-of.ts'
import { setTicket, type TicketRequest } from '../vms/hardware/set-ticket.ts'
import { cancelMigration } from '../vms/migration/migrate-cancel.ts'
import { migrateIn } from '../vms/migration/migrate-in.ts'
import { migrateOut } from '../vms/migration/migrate-out.ts'
import { hotplugNic } from '../vms/nics/hotplug-nic.ts'
import { hotunplugNic } from '../vms/nics/hotunplug-nic.ts'
import { type NicUpdate, readUpdate, updateNic } from '../vms/nics/update-nic.ts'
import { pauseVm, resumeVm } from '../vms/pause-vm.ts'
import { existingVm } from '../vms/running-vm.ts'
import { hibernateVm } from '../vms/saving/hibernate-vm.ts'
import { restoreVm } from '../vms/saving/restore-vm.ts'
import { shutdownVm } from '../vms/shutdown-vm.ts'
import { ticketOf } from './hardware-verbs.ts'
import { deviceParams, inVdsmCodes, type Params, record, text } from './vdsm-codes.ts'
import { vmSummary } from './vm-summary.ts'

export function vmVerbs(context: Context): Record<string, Method> {
  const known = (params: Params) => existingVm(context.store, text(params, 'vmID'))
  return inVdsmCodes({
    'VM.create': async (params) => {
      const vmParams = record(params, 'vmParams')
      const xml = text(vmParams, 'xml')
      const vm = vmParams.hiberVolHandle
        ? restoreVm(context, xml, text(vmParams, 'hiberVolHandle'))
        : createVm(context, xml)
      return { ...vmSummary(vm), xml: vm.xml }
    },
    'VM.destroy': (params) => destroyVm(context, text(params, 'vmID')),
    'VM.shutdown': async (params) => {
      const isSet = (name: string) => params[name] === true || params[name] === 'true'
      await shutdownVm(context, text(params, 'vmID'), { reboot: isSet('reboot'), force: isSet('force') })
      return true
    },
    'VM.cont': async (params) => {
      await resumeVm(context, text(params, 'vmID'))
      return { vmList: {} }
    },
    'VM.hibernate': (params) => hibernateVm(context, text(params, 'vmID'), text(params, 'hibernationVolHandle')),
    'VM.pause': async (params) => {
      await pauseVm(context, text(params, 'vmID'))
      return { vmList: {} }
    },
    'VM.getInfo': async (params) => vmSummary(known(params)),
    'VM.getStats': async (params) => getVmStats(context, known(params)),
    'VM.hotplugNic': async (params) => {
      const { vmId, inner } = deviceParams(params)
      const vm = await hotplugNic(context, vmId, text(inner, 'xml'))
      return { devices: vm.nics.map(({ mac, alias }) => ({ macAddr: mac, alias })), xml: domainOf(vm) }
    },
    'VM.hotunplugNic': async (params) => {
      const { vmId, inner } = deviceParams(params)
      await hotunplugNic(context, vmId, text(inner, 'xml'))
      return {}
    },
    'VM.updateDevice': async (params) => {
      const vmId = text(params, 'vmID')
      const device = record(params, 'params')
      if (text(device, 'deviceType') === 'graphics') await setTicket(context, vmId, consoleTicket(device))
      else await updateNic(context, vmId, nicUpdate(device))
      return {}
    },
    'VM.migrate': async (params) => migrateOut(context, text(params, 'vmID'), text(record(params, 'params'), 'dst')),
    'VM.migrateCancel': (params) => cancelMigration(context, text(params, 'vmID')),
    'VM.getMigrationStatus': async (params) => {
      const { migration } = known(params)
      if (!migration) throw vdsmError('MigrationNotInProgress')
      const { code, message, progress } = migration
      return { status: { code, message }, progress }
    },
    'VM.migrationCreate': async (params) => {
      const { _srcDomXML, elapsedTimeOffset } = record(params, 'params')
      const elapsedMs = typeof elapsedTimeOffset === 'number' ? elapsedTimeOffset * 1000 : 0
      const { vm, port, secret } = await migrateIn(context, text({ _srcDomXML }, '_srcDomXML'), elapsedMs)
      return { migrationPort: port, migrationSecret: secret, params: { ...vmSummary(vm), xml: domainOf(vm) } }
    },
  })
}

/** VDSM updates no console by XML. */
function consoleTicket(params: Params): TicketRequest {
  if (params.xml !== undefined) throw vdsmError('MethodNotImplemented', 'a graphics device is not updated by XML')
  text(params, 'graphicsType')
  return ticketOf(params)
}

/** As XML, like a hot plug, or as VDSM's older fields. */
function nicUpdate(params: Params): NicUpdate {
  if (params.deviceType !== 'interface')
    throw vdsmError('MethodNotImplemented', 'only devices of the types interface and graphics can be updated')
  if (typeof params.xml === 'string') return readUpdate(params.xml)
  const { linkActive, network } = params
  return {
    alias: text(params, 'alias'),
    linkUp: linkActive === undefined ? undefined : linkActive === true || linkActive === 'true',
    network: typeof network === 'string' ? network : undefined,
  }
}
