// What hook scripts are told of a migration that failed. VDSM tells them nothing, and what they prepared stays.
import { domainOf } from './domain-of.ts'
import type { VmParts } from './vm-parts.ts'
import { hasProperties } from './vm-record.ts'

/** Never rejects. May be repeated, and may come although no hook ran before the migration. */
export async function tellFailedMove(
  { store, hooks }: Pick<VmParts, 'store' | 'hooks'>,
  vmId: string,
  side: 'source' | 'destination',
): Promise<void> {
  const vm = store.get(vmId)
  if (!vm) return
  await hooks.runXml(`after_vm_migrate_${side}_fail`, domainOf(vm), { vm })
  for (const { custom, xml } of vm.nics)
    if (hasProperties(custom)) await hooks.runXml(`after_device_migrate_${side}_fail`, xml, { params: custom, vm })
}
