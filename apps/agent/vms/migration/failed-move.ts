// What hook scripts are told of a migration that failed. VDSM tells them nothing, and what they prepared stays.

import { hasProperties } from '../../vm-records/vm-record.ts'
import { domainOf } from '../domain-of.ts'
import type { VmParts } from '../vm-parts.ts'

const points = {
  source: ['after_vm_migrate_source_fail', 'after_device_migrate_source_fail'],
  destination: ['after_vm_migrate_destination_fail', 'after_device_migrate_destination_fail'],
} as const

/** Never rejects. May be repeated, and may come although no hook ran before the migration. */
export async function tellFailedMove(
  { store, hooks }: Pick<VmParts, 'store' | 'hooks'>,
  vmId: string,
  side: keyof typeof points,
): Promise<void> {
  const vm = store.get(vmId)
  if (!vm) return
  const [ofVm, ofDevice] = points[side]
  await hooks.runXml(ofVm, domainOf(vm), { vm })
  for (const { custom, xml } of vm.nics)
    if (hasProperties(custom)) await hooks.runXml(ofDevice, xml, { params: custom, vm })
}
