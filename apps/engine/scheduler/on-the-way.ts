// VMs for which a host was chosen, while no row says yet that they are there: without them, all VMs that are started in one
// moment would choose the host that had the fewest before, and wait there for each other.
import type { Store } from '../store/store.ts'

export interface OnTheWay {
  /** Until the VM's row says where it is, or that it stays: a VM that migrates is on its way to the end of it. */
  add(vmId: string, hostId: string): void
  /** Host id → how many VMs are on their way there. */
  counts(): ReadonlyMap<string, number>
}

/** Forgotten with the process: it is about how evenly hosts are used, and about nothing that must hold. */
export function createOnTheWay({ changes }: Pick<Store, 'changes'>): OnTheWay {
  const hostOf = new Map<string, string>()
  changes.listen((changed) => {
    for (const { table, id, row } of changed) if (table === 'vm' && row.status !== 'migrating') hostOf.delete(id)
  })
  return {
    add: (vmId, hostId) => void hostOf.set(vmId, hostId),
    counts() {
      const counts = new Map<string, number>()
      for (const hostId of hostOf.values()) counts.set(hostId, (counts.get(hostId) ?? 0) + 1)
      return counts
    },
  }
}
