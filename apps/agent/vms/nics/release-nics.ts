// The NICs of a guest that is gone are taken off their networks.

import { withStep } from '../../vm-records/vm-record.ts'
import type { VmParts } from '../vm-parts.ts'

/**
 * All of them that are not off already, each recorded as gone. Answers what could not be released and why; it is tried
 * again when the VM is destroyed, and when the agent starts. `release` undoes what the host did for the NIC.
 */
export async function releaseNics(
  { store, wiring, log }: Pick<VmParts, 'store' | 'wiring' | 'log'>,
  vmId: string,
  release: (vmId: string, mac: string) => Promise<void> = wiring.release,
): Promise<string[]> {
  const failures: string[] = []
  for (const { mac, step } of store.get(vmId)!.nics) {
    if (step === 'gone') continue
    store.settle(vmId, (vm) => withStep(vm, mac, 'unplugging'))
    try {
      await release(vmId, mac)
      store.settle(vmId, (vm) => withStep(vm, mac, 'gone'))
    } catch (error) {
      log.error({ vmId, mac, err: error }, 'a NIC could not be released')
      failures.push(`NIC ${mac}: ${(error as Error).message}`)
    }
  }
  return failures
}
