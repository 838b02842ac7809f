// VM.setNumberOfCpus: a running VM gets more CPUs, or has some taken away, within what its domain allows.
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { runningVm } from '../running-vm.ts'
import type { VmParts } from '../vm-parts.ts'
import { machineOf, recordHardware } from './machine-of.ts'

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
  const machine = machineOf(parts)
  return locks.exclusive(vmId, async () => {
    runningVm(store, vmId)
    await hooks.runXml('before_set_num_of_cpus', undefined)
    try {
      await machine.setCpuCount(vmId, count)
      for (const [cpu, cpus] of cpusets.entries()) await machine.pinCpu(vmId, cpu, cpus)
    } catch (error) {
      throw vdsmError('SetNumberOfCpusFailed', (error as Error).message)
    }
    await recordHardware(parts, vmId)
    await hooks.runXml('after_set_num_of_cpus', undefined)
  })
}
