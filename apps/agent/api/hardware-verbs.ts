// The verbs of VDSM's VM class that change the machine of a running VM.
import type { Method } from '@patchbay/vdsm-rpc/calls/call-dispatcher.ts'
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import type { Context } from '../context.ts'
import { memoryDevice, readDevice } from '../domain-xml/hardware.ts'
import { hotplugDisk } from '../vms/hardware/hotplug-disk.ts'
import { hotplugMemory } from '../vms/hardware/hotplug-memory.ts'
import { hotunplugDisk } from '../vms/hardware/hotunplug-disk.ts'
import { setCpuCount } from '../vms/hardware/set-cpu-count.ts'
import { setTicket, type TicketRequest } from '../vms/hardware/set-ticket.ts'
import { deviceParams, inVdsmCodes, type Params, record, text, wholeNumber } from './vdsm-codes.ts'

export function hardwareVerbs(context: Context): Record<string, Method> {
  return inVdsmCodes({
    'VM.hotplugDisk': async (params) => {
      const { vmId, inner } = deviceParams(params)
      await hotplugDisk(context, vmId, text(inner, 'xml'))
      return {}
    },
    'VM.hotunplugDisk': async (params) => {
      const { vmId, inner } = deviceParams(params)
      await hotunplugDisk(context, vmId, text(inner, 'xml'))
      return {}
    },
    'VM.hotplugMemory': async (params) => {
      const { vmId, inner } = deviceParams(params)
      await hotplugMemory(context, vmId, memoryOf(inner))
      return {}
    },
    'VM.setNumberOfCpus': async (params) => {
      const count = wholeNumber(params, 'numberOfCpus')
      await setCpuCount(context, text(params, 'vmID'), count, cpusetsOf(params, count))
      return {}
    },
    'VM.setTicket': async (params) => {
      await setTicket(context, text(params, 'vmID'), ticketOf(params))
      return true
    },
  })
}

/** As XML, or as VDSM's older fields. */
function memoryOf(params: Params): string {
  if (typeof params.xml !== 'string') {
    const memory = record(params, 'memory')
    return memoryDevice(wholeNumber(memory, 'size'), wholeNumber(memory, 'node'))
  }
  try {
    return readDevice(params.xml, 'memory').xml
  } catch (error) {
    throw vdsmError('HotplugMemoryFailed', (error as Error).message)
  }
}

function cpusetsOf({ cpusets }: Params, count: number): readonly string[] | undefined {
  if (cpusets === undefined || cpusets === null) return undefined
  const isCpuset = (value: unknown): value is string => typeof value === 'string' && /^\^?\d[\d,^-]*$/.test(value)
  if (!Array.isArray(cpusets) || !cpusets.every(isCpuset))
    throw vdsmError('InvalidParameter', 'Invalid parameter: cpusets must be a list of CPUs such as 1,3-5')
  if (cpusets.length === count) return cpusets
  throw vdsmError('InvalidParameter', `length of cpusets (${cpusets.length}) must match numberOfCpus (${count})`)
}

/** Those of VM.setTicket, and those of VM.updateDevice for a graphics device. */
export function ticketOf(params: Params): TicketRequest {
  const seconds = wholeNumber(params, 'ttl')
  const { existingConnAction, graphicsType } = params
  const forHooks = params.params === undefined ? {} : record(params, 'params')
  if (forHooks.fips === true || forHooks.fips === 'true')
    throw vdsmError('SpiceTicketError', 'consoles of this host know passwords only, and no SASL, which FIPS demands')
  return {
    password: text(params, 'password'),
    validUntil: seconds > 0 ? new Date(Date.now() + seconds * 1000) : undefined,
    connected: typeof existingConnAction === 'string' ? existingConnAction : undefined,
    graphicsType: typeof graphicsType === 'string' ? graphicsType : undefined,
    params: Object.fromEntries(Object.entries(forHooks).map(([name, value]) => [name, String(value)])),
  }
}
