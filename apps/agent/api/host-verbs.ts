// The verbs of VDSM's Host class.
import type { Method } from '@patchbay/vdsm-rpc/calls/call-dispatcher.ts'
import { getCapabilities } from '../caps/capabilities.ts'
import { hostDevices } from '../caps/host-devices.ts'
import type { Context } from '../context.ts'
import { createHostLoad } from '../stats/host-load.ts'
import { getHostStats } from '../stats/host-stats.ts'
import { getAllVmStats } from '../stats/vm-stats.ts'
import { domainOf } from '../vms/domain-of.ts'
import { inVdsmCodes } from './vdsm-codes.ts'
import { vmSummary } from './vm-summary.ts'

export function hostVerbs(context: Context): Record<string, Method> {
  const { store, hooks, networkStore } = context
  const load = createHostLoad()
  const chosen = (ids: unknown) =>
    store.all().filter(({ vmId }) => !Array.isArray(ids) || ids.length === 0 || ids.includes(vmId))
  return inVdsmCodes({
    'Host.getCapabilities': (_params, { peer }) => getCapabilities(context, addressOf(peer)),
    'Host.hostdevListByCaps': ({ caps }) => hostDevices(hooks, Array.isArray(caps) ? caps : []),
    'Host.getStats': () => getHostStats({ hooks, store, networkStore, load }),
    'Host.getAllVmStats': () => getAllVmStats(context, store.all()),
    'Host.getVMList': async ({ vmList }) => chosen(vmList).map(vmSummary),
    'Host.getVMFullList': async ({ vmList }) => chosen(vmList).map(vmSummary),
    'Host.dumpxmls': async ({ vmList }) => Object.fromEntries(chosen(vmList).map((vm) => [vm.vmId, domainOf(vm)])),
  })
}

/** `192.0.2.1:4711`, `[2001:db8::1]:4711`, `[::ffff:192.0.2.1]:4711` */
const addressOf = (peer: string) => peer.replace(/:\d+$/, '').replace(/^\[(::ffff:)?|\]$/g, '')
