// The verbs of VDSM's VM class: parameters checked, errors in VDSM's codes.
import type { Method } from '@patchbay/vdsm-rpc/call-dispatcher.ts'
import { VdsmError, vdsmError, vdsmErrors } from '@patchbay/vdsm-rpc/errors.ts'
import type { Context } from '../context.ts'
import { HookError } from '../hooks/hook-error.ts'
import { getVmStats } from '../stats/vm-stats.ts'
import { createVm } from '../vms/create-vm.ts'
import { destroyVm } from '../vms/destroy-vm.ts'
import { domainOf } from '../vms/domain-of.ts'
import { hotplugNic } from '../vms/hotplug-nic.ts'
import { hotunplugNic } from '../vms/hotunplug-nic.ts'
import { migrateIn } from '../vms/migrate-in.ts'
import { migrateOut } from '../vms/migrate-out.ts'
import { pauseVm, resumeVm } from '../vms/pause-vm.ts'
import { vmSummary } from './vm-summary.ts'

type Params = Readonly<Record<string, unknown>>

export function vmVerbs(context: Context): Record<string, Method> {
  const { store } = context
  const known = (params: Params) => {
    const vmId = text(params, 'vmID')
    const vm = store.get(vmId)
    if (!vm) throw vdsmError('NoSuchVM', { vmId })
    return vm
  }
  const verbs: Record<string, Method> = {
    'VM.create': async (params) => {
      const vm = createVm(context, text(record(params, 'vmParams'), 'xml'))
      return { ...vmSummary(vm), xml: vm.xml }
    },
    'VM.destroy': (params) => destroyVm(context, text(params, 'vmID')),
    'VM.cont': async (params) => {
      await resumeVm(context, text(params, 'vmID'))
      return { vmList: {} }
    },
    'VM.pause': async (params) => {
      await pauseVm(context, text(params, 'vmID'))
      return { vmList: {} }
    },
    'VM.getInfo': async (params) => vmSummary(known(params)),
    'VM.getStats': (params) => getVmStats(context, known(params)),
    'VM.hotplugNic': async (params) => {
      const vm = await hotplugNic(context, text(params, 'vmID'), text(record(params, 'params'), 'xml'))
      return { devices: vm.nics.map(({ mac, alias }) => ({ macAddr: mac, alias })), xml: domainOf(vm) }
    },
    'VM.hotunplugNic': async (params) => {
      await hotunplugNic(context, text(params, 'vmID'), text(record(params, 'params'), 'xml'))
      return {}
    },
    'VM.migrate': async (params) => migrateOut(context, text(params, 'vmID'), text(record(params, 'params'), 'dst')),
    'VM.migrationCreate': async (params) => {
      const { vm, port, secret } = await migrateIn(context, text(record(params, 'params'), '_srcDomXML'))
      return { migrationPort: port, migrationSecret: secret, params: { ...vmSummary(vm), xml: domainOf(vm) } }
    },
  }
  return Object.fromEntries(Object.entries(verbs).map(([name, verb]) => [name, inVdsmCodes(verb)]))
}

/** VDSM answers a hook's veto with its own code, and what nobody expected as a general exception. */
function inVdsmCodes(verb: Method): Method {
  return async (params, call) => {
    try {
      return await verb(params, call)
    } catch (error) {
      if (error instanceof VdsmError) throw error
      if (error instanceof HookError) throw new VdsmError(vdsmErrors.HookError.code, error.message)
      throw vdsmError('GeneralException', [(error as Error).message])
    }
  }
}

function text(params: Params, name: string): string {
  const value = params[name]
  if (typeof value !== 'string' || value === '')
    throw vdsmError('MissingParameter', `Missing required parameter: ${name}`)
  return value
}

function record(params: Params, name: string): Params {
  const value = params[name]
  if (typeof value !== 'object' || value === null)
    throw vdsmError('MissingParameter', `Missing required parameter: ${name}`)
  return value as Params
}
