// What all that is done to snapshots has in common.
import type { EventName } from '../../events/event-codes.ts'
import type { EventLog } from '../../events/event-log.ts'
import { Fault } from '../../faults.ts'
import type { Snapshot } from '../../store/entities/templates.ts'
import type { Vm } from '../../store/entities/vms.ts'

type Telling = readonly [name: EventName, text: string]

/** Does the work, and tells how it went; the reason is added to what `failed` says. */
export const snapshotTelling =
  (events: EventLog) => async (vm: Vm, done: Telling, failed: Telling, work: () => Promise<unknown>) => {
    const told = events.about({ vm })
    await told.tellFailure(...failed, work)
    await told.tell(...done)
  }

export function refusePreview(rows: readonly Snapshot[], vm: Vm, action: string): void {
  if (rows.some(({ type }) => type === 'preview'))
    throw new Fault('ACTION_TYPE_FAILED_VM_IN_PREVIEW', { action, vm: vm.name })
}
