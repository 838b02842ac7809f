// What can be done with a host now, in its row and on its page.
import type { hostType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import type { Shown } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { usePlace } from '../list/place.ts'
import type { RowAction } from '../list/resource-table.tsx'
import { text } from '../text/hosts.ts'
import { text as portal } from '../text/portal.ts'
import { type HostAction, hostKinds, isAway, isRemovable, runAction } from './host-requests.ts'

type Host = Shown<typeof hostType>

export function useHostActions() {
  const { open } = usePlace()
  const action = useChange(({ id, name }: { id: string; name: HostAction }) => runAction(id, name), {
    kinds: hostKinds,
  })
  const actionsOf = ({ id, status }: Host): readonly RowAction[] => [
    {
      title: text.activate,
      whyNot: isAway(status) ? undefined : text.isActive,
      run: () => action.mutate({ id, name: 'activate' }),
    },
    {
      title: text.maintenance,
      whyNot: isAway(status) ? text.inMaintenance : undefined,
      run: () => action.mutate({ id, name: 'deactivate' }),
    },
    { title: text.refresh, run: () => action.mutate({ id, name: 'refresh' }) },
    { title: text.install, run: () => action.mutate({ id, name: 'install' }) },
    { title: text.enrol, run: () => open('enrol', id) },
    {
      title: portal.remove,
      isDanger: true,
      whyNot: isRemovable(status) ? undefined : text.notInMaintenance,
      run: () => open('remove', id),
    },
  ]
  return { actionsOf, error: action.error }
}
