// The domain XML of a VM as it stands: what the engine sent, with its NICs as hooks and drivers made them.
import { withInterfaces } from '../domain-xml/domain.ts'
import type { VmRecord } from '../vm-records/vm-record.ts'

export function domainOf(vm: VmRecord): string {
  return withInterfaces(
    vm.xml,
    vm.nics.map(({ xml }) => xml),
  )
}
