// The VM runs on its destination. What is left of it here goes; the engine destroys the record.

import { exitReasons, hasProperties } from '../../vm-records/vm-record.ts'
import { domainOf } from '../domain-of.ts'
import { releaseNics } from '../nics/release-nics.ts'
import type { VmParts } from '../vm-parts.ts'
import { withoutDestination } from './stay-here.ts'

/** Whatever fails, the VM is not here any more. May be repeated. */
export async function departed(parts: VmParts, vmId: string): Promise<void> {
  const { store, hooks, wiring, hypervisor, log } = parts
  await hypervisor
    .destroy(vmId)
    .catch((error) => log.error({ vmId, err: error }, 'a guest that moved away could not be removed here'))
  await releaseNics(parts, vmId, wiring.afterDeparture)
  const vm = store.get(vmId)!
  await hooks.runXml('after_vm_migrate_source', domainOf(vm), { vm })
  for (const { custom, xml } of vm.nics) {
    if (hasProperties(custom)) await hooks.runXml('after_device_migrate_source', xml, { params: custom, vm })
  }
  store.change(vmId, (before) => ({
    ...withoutDestination(before),
    status: 'Down',
    exit: { exitCode: 0, exitReason: exitReasons.migrated, exitMessage: 'Migration succeeded' },
    migration: { code: 0, message: 'Migration done', progress: 100 },
  }))
}
