// What all that is done to snapshots has in common.
import type { EventName } from '../../events/event-codes.ts'
import type { EventLog } from '../../events/event-log.ts'
import { Fault } from '../../faults.ts'
import type { Snapshot } from '../../store/entities/templates.ts'
import type { Vm } from '../../store/entities/vms.ts'

/** Does the work, and tells how it went: `done` or `failed`. */
export const snapshotTelling =
  (events: EventLog) =>
  async (vm: Vm, [done, failed]: readonly [EventName, EventName], what: string, work: () => Promise<unknown>) => {
    try {
      await work()
    } catch (error) {
      await events.about({ vm }).tell(failed, `Failed: ${what} of VM ${vm.name}: ${(error as Error).message}`)
      throw error
    }
    await events.about({ vm }).tell(done, `${what} of VM ${vm.name} is done.`)
  }

export function refusePreview(rows: readonly Snapshot[], vm: Vm, action: string): void {
  if (rows.some(({ type }) => type === 'preview'))
    throw new Fault('ACTION_TYPE_FAILED_VM_IN_PREVIEW', { action, vm: vm.name })
}
