// How far a migration has come. Its host tells it to the engine, whose job of the migration tells the stream: nothing is polled.
import { statisticType } from '@patchbay/ovirt-api/types/nic-details.ts'
import { useQuery } from '@tanstack/react-query'
import { collection } from '../engine/queries.ts'

/** Percent; undefined while no host tells it: before the VM begins to move, and when it has arrived. */
export function useMigrationProgress(vmId: string): number | undefined {
  const { data = [] } = useQuery({
    ...collection(statisticType, `/vms/${vmId}/statistics`),
    meta: { kinds: ['job'] },
    // What it was in an earlier migration says nothing of this one.
    gcTime: 0,
  })
  const [told] = data.find(({ name }) => name === 'migration.progress')?.values ?? []
  return told?.datum === undefined ? undefined : Number(told.datum)
}
