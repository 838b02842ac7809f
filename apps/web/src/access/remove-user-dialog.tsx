// A user goes, with what the user may do.
import { permissionType, type userType } from '@patchbay/ovirt-api/types/access.ts'
import { request } from '../engine/request.ts'
import type { Shown } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { ConfirmDialog } from '../feedback/confirm-dialog.tsx'
import { effectsOf, itemsOf } from '../feedback/effects.ts'
import { text } from '../text/access.ts'
import { text as effectText } from '../text/effects.ts'
import { text as portal } from '../text/portal.ts'
import { placeOf, withNames } from './permission-place.ts'

interface Props {
  readonly user: Shown<typeof userType>
  readonly onClose: () => void
  readonly onRemoved?: () => void
}

export function RemoveUserDialog({ user, onClose, onRemoved = onClose }: Props) {
  const remove = useChange(() => request('DELETE', `/users/${user.id}`), { done: onRemoved })
  return (
    <ConfirmDialog
      title={text.removeUser}
      question={text.removeUserQuestion}
      names={[user.user_name ?? user.id]}
      effects={removedWith(user.id)}
      verb={portal.remove}
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(undefined)}
      onClose={onClose}
    />
  )
}

const removedWith = (id: string) =>
  effectsOf(`/users/${id}`, async () => {
    const permissions = await itemsOf(permissionType, `/users/${id}/permissions`, withNames)
    const names = permissions.map((each) => text.roleOn(each.role?.name ?? '', placeOf(each)))
    return [{ says: effectText.permissions, names }]
  })
