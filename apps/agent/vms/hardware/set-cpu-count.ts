// VM.setNumberOfCpus: a running VM gets more CPUs, or has some taken away, within what its domain allows.
import type { Machine } from '../../hypervisors/machine.ts'
import { runningVm } from '../running-vm.ts'
import type { VmParts } from '../vm-parts.ts'
import { carryOut, machineOf, recordHardware } from './machine-of.ts'

/**
 * `cpusets`: for each CPU those of the host that it may run on; undefined: wherever. As in VDSM, the scripts do not hear
 * which VM it is. Throws SetNumberOfCpusFailed, or the HookError of a script that forbids it.
 */
export function setCpuCount(
  parts: VmParts,
  vmId: string,
  count: number,
  cpusets: readonly string[] = [],
): Promise<void> {
  const { hooks, store, locks } = parts
  return locks.exclusive(vmId, async () => {
    runningVm(store, vmId)
    const machine = machineOf(parts)
    await hooks.runXml('before_set_num_of_cpus', undefined)
    await carryOut(parts, vmId, setAndPin(machine, vmId, count, cpusets), 'SetNumberOfCpusFailed')
    await recordHardware(parts, vmId)
    await hooks.runXml('after_set_num_of_cpus', undefined)
  })
}

async function setAndPin(machine: Machine, vmId: string, count: number, cpusets: readonly string[]): Promise<void> {
  await machine.setCpuCount(vmId, count)
  for (const [cpu, cpus] of cpusets.entries()) await machine.pinCpu(vmId, cpu, cpus)
}
