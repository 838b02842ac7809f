// VM.getStats and Host.getAllVmStats: a VM's state and the counters of its NICs, in VDSM's shapes.
import { createHash } from 'node:crypto'
import type { NicDrivers } from '../drivers/nic-drivers.ts'
import type { HookRunner } from '../hooks/hook-runner.ts'
import type { Hypervisor, NicCounters } from '../hypervisors/hypervisor.ts'
import { domainOf } from '../vms/domain-of.ts'
import type { VmRecord } from '../vms/vm-record.ts'
import { vdsmTime } from './vdsm-time.ts'

export interface VmStatsParts {
  readonly hypervisor: Hypervisor
  readonly drivers: NicDrivers
  readonly hooks: HookRunner
}

export async function getVmStats({ hooks, ...parts }: VmStatsParts, vm: VmRecord): Promise<unknown> {
  await hooks.runJson('before_get_vm_stats', {})
  return hooks.runJson('after_get_vm_stats', [await statsOf(parts, vm)])
}

export async function getAllVmStats({ hooks, ...parts }: VmStatsParts, vms: readonly VmRecord[]): Promise<unknown> {
  await hooks.runJson('before_get_all_vm_stats', {})
  return hooks.runJson('after_get_all_vm_stats', await Promise.all(vms.map((vm) => statsOf(parts, vm))))
}

async function statsOf({ hypervisor, drivers }: Omit<VmStatsParts, 'hooks'>, vm: VmRecord): Promise<object> {
  const counters = vm.status === 'Down' ? [] : await hypervisor.nicCounters(vm.vmId)
  let stats: Readonly<Record<string, unknown>> = {
    vmId: vm.vmId,
    vmName: vm.name,
    status: vm.status,
    statusTime: vdsmTime(),
    hash: createHash('md5').update(domainOf(vm)).digest('hex'),
    monitorResponse: '0',
    pauseCode: 'NOERR',
    ...vm.exit,
    // VDSM leaves the key out where there is no NIC.
    ...(counters.length > 0 && { network: Object.fromEntries(counters.map((nic) => [nic.name, shown(nic)])) }),
  }
  for (const nic of vm.nics) {
    if (nic.step === 'plugged') stats = await drivers.stats(stats, vm, nic)
  }
  return stats
}

function shown({ name, mac, ...counters }: NicCounters): object {
  const totals = Object.entries(counters).map(([counter, value]) => [counter, value.toString()])
  return {
    name,
    macAddr: mac,
    speed: '1000',
    state: 'unknown',
    ...Object.fromEntries(totals),
    sampleTime: performance.now() / 1000,
  }
}
