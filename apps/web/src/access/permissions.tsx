// Who may do what with a thing: the permissions on it, and those that it inherits.
import { permissionType } from '@patchbay/ovirt-api/types/access.ts'
import { Button } from '@patternfly/react-core'
import { request } from '../engine/request.ts'
import { useChange } from '../engine/use-change.ts'
import { ConfirmDialog } from '../feedback/confirm-dialog.tsx'
import { usePlace } from '../list/place.ts'
import { RelatedTable } from '../list/related-table.tsx'
import type { Column } from '../list/resource-table.tsx'
import { text } from '../text/access.ts'
import { GrantDialog } from './grant-dialog.tsx'
import { holderOf, placeOf, type ShownPermission, thingOf, withNames } from './permission-place.ts'
import { useUserNames } from './use-user-names.ts'

interface Props {
  /** The thing's place below the API's root: `/vms/ID`. */
  readonly of: string
  /** Its id. */
  readonly id: string
}

export function Permissions({ of, id }: Props) {
  const { place, open, close } = usePlace()
  const userName = useUserNames()
  const path = `${of}/permissions`
  const whyNot = (permission: ShownPermission) =>
    thingOf(permission)?.id === id ? undefined : text.isInherited(placeOf(permission))
  return (
    <RelatedTable
      label={text.permissions}
      type={permissionType}
      path={path}
      query={withNames}
      columns={columns(userName, id)}
      rowActions={(permission) => [
        {
          title: text.removePermission,
          isDanger: true,
          whyNot: whyNot(permission),
          run: () => open('remove-permission', permission.id),
        },
      ]}
      actions={<Button onClick={() => open('grant')}>{text.addPermission}</Button>}
      empty={{ title: text.noPermissions, body: text.noPermissionsHere }}
    >
      {(permissions) => {
        const permission = permissions.find((each) => each.id === place.of)
        if (place.dialog === 'grant') return <GrantDialog path={path} onClose={close} />
        if (place.dialog !== 'remove-permission' || !permission) return null
        const name = text.permissionOf(holderOf(permission, userName), permission.role?.name ?? '', placeOf(permission))
        return <RemovePermissionDialog path={`${path}/${permission.id}`} name={name} onClose={close} />
      }}
    </RelatedTable>
  )
}

const columns = (userName: (id: string | undefined) => string, id: string): readonly Column<ShownPermission>[] => [
  { title: text.who, cell: (permission) => holderOf(permission, userName) },
  { title: text.role, cell: ({ role }) => role?.name },
  { title: text.on, cell: (permission) => (thingOf(permission)?.id === id ? text.here : placeOf(permission)) },
]

interface RemoveProps {
  readonly path: string
  readonly name: string
  readonly onClose: () => void
}

export function RemovePermissionDialog({ path, name, onClose }: RemoveProps) {
  const remove = useChange(() => request('DELETE', path), { done: onClose })
  return (
    <ConfirmDialog
      title={text.removePermission}
      question={text.removePermissionQuestion}
      names={[name]}
      verb={text.removePermission}
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(undefined)}
      onClose={onClose}
    />
  )
}
