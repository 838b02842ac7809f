// The verbs of VDSM's Host class.
import type { Method } from '@patchbay/vdsm-rpc/call-dispatcher.ts'
import { getCapabilities } from '../caps/capabilities.ts'
import { networkCapabilities } from '../caps/network-caps.ts'
import type { Context } from '../context.ts'
import { getHostStats, networkStatistics } from '../stats/host-stats.ts'
import { getAllVmStats } from '../stats/vm-stats.ts'
import { domainOf } from '../vms/domain-of.ts'
import { vmSummary } from './vm-summary.ts'

export function hostVerbs(context: Context): Record<string, Method> {
  const { store, hooks } = context
  const chosen = (ids: unknown) =>
    store.all().filter(({ vmId }) => !Array.isArray(ids) || ids.length === 0 || ids.includes(vmId))
  return {
    'Host.ping': async () => true,
    'Host.ping2': async () => true,
    'Host.getCapabilities': () => getCapabilities(context),
    'Host.getNetworkCapabilities': () => networkCapabilities(),
    'Host.getStats': () => getHostStats(hooks, store),
    'Host.getNetworkStatistics': async () => ({ network: networkStatistics() }),
    'Host.getAllVmStats': () => getAllVmStats(context, store.all()),
    'Host.getVMList': async ({ vmList }) => chosen(vmList).map(vmSummary),
    'Host.getVMFullList': async ({ vmList }) => chosen(vmList).map(vmSummary),
    'Host.dumpxmls': async ({ vmList }) => Object.fromEntries(chosen(vmList).map((vm) => [vm.vmId, domainOf(vm)])),
  }
}
