// What can be done with a host now, in its row and on its page.
import type { hostType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import type { Shown } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { usePlace } from '../list/place.ts'
import type { RowAction } from '../list/resource-table.tsx'
import { useRights } from '../rights/use-rights.ts'
import { text } from '../text/hosts.ts'
import { text as portal } from '../text/portal.ts'
import { type HostAction, hostKinds, isAway, isRemovable, runAction } from './host-requests.ts'

type Host = Shown<typeof hostType>

export function useHostActions() {
  const { open } = usePlace()
  const { whyNot } = useRights()
  const action = useChange(({ id, name }: { id: string; name: HostAction }) => runAction(id, name), {
    kinds: hostKinds,
  })
  const actionsOf = (host: Host): readonly RowAction[] => {
    const { id, status } = host
    const notHandled = whyNot('manipulate_host', host)
    const notChanged = whyNot('edit_host_configuration', host)
    return [
      {
        title: text.activate,
        whyNot: notHandled ?? (isAway(status) ? undefined : text.isActive),
        run: () => action.mutate({ id, name: 'activate' }),
      },
      {
        title: text.maintenance,
        whyNot: notHandled ?? (isAway(status) ? text.inMaintenance : undefined),
        run: () => action.mutate({ id, name: 'deactivate' }),
      },
      { title: text.refresh, whyNot: notHandled, run: () => action.mutate({ id, name: 'refresh' }) },
      { title: text.install, whyNot: notChanged, run: () => action.mutate({ id, name: 'install' }) },
      { title: text.enrol, whyNot: notChanged, run: () => open('enrol', id) },
      {
        title: portal.remove,
        isDanger: true,
        whyNot: whyNot('delete_host', host) ?? (isRemovable(status) ? undefined : text.notInMaintenance),
        run: () => open('remove', id),
      },
    ]
  }
  return { actionsOf, error: action.error }
}
