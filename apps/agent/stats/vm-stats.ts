// VM.getStats and Host.getAllVmStats: a VM's state and the counters of its NICs, in VDSM's shapes.
import { createHash } from 'node:crypto'
import { readInterface } from '@patchbay/vif-driver/interface-xml.ts'
import type { NicDrivers } from '../drivers/nic-drivers.ts'
import type { HookRunner } from '../hooks/hook-runner.ts'
import type { Hypervisor, NicCounters } from '../hypervisors/hypervisor.ts'
import { nicOf, toldStatus, type VmRecord } from '../vm-records/vm-record.ts'
import { domainOf } from '../vms/domain-of.ts'
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
  let stats = vmStats(vm, counters, Date.now())
  for (const nic of vm.nics) {
    if (nic.step === 'plugged') stats = await drivers.stats(stats, vm, nic)
  }
  return stats
}

/** `now`: ms since the epoch. */
export function vmStats(
  vm: VmRecord,
  counters: readonly NicCounters[],
  now: number,
): Readonly<Record<string, unknown>> {
  return {
    vmId: vm.vmId,
    vmName: vm.name,
    status: toldStatus(vm, now),
    statusTime: vdsmTime(),
    hash: createHash('md5').update(domainOf(vm)).digest('hex'),
    monitorResponse: '0',
    pauseCode: 'NOERR',
    timeOffset: timeOffset(vm.xml),
    elapsedTime: String(Math.floor((now - vm.startedAt) / 1000)),
    ...(vm.status === 'Migration Source' && { migrationProgress: vm.migration?.progress ?? 0 }),
    ...(vm.status === 'Down' && vm.exit),
    // VDSM leaves the key out where there is no NIC.
    ...(counters.length > 0 && { network: Object.fromEntries(counters.map((nic) => [nic.name, shown(vm, nic)])) }),
  }
}

/** Seconds between the guest's clock and UTC, as it was started; what it set itself is not known. */
const timeOffset = (domainXml: string) => /<clock\b[^>]*\badjustment=["'](-?\d+)/.exec(domainXml)?.[1] ?? '0'

function shown(vm: VmRecord, { name, mac, ...counters }: NicCounters): object {
  const model = readInterface(nicOf(vm, mac)?.xml ?? '<interface/>').model ?? 'virtio'
  const totals = Object.entries(counters).map(([counter, value]) => [counter, value.toString()])
  return {
    name,
    macAddr: mac,
    speed: ['virtio', 'e1000'].includes(model) ? '1000' : '100',
    state: 'unknown',
    ...Object.fromEntries(totals),
    sampleTime: performance.now() / 1000,
  }
}
