// Who may do what with a thing: the permissions on it, and those that it inherits.
import { permissionType } from '@patchbay/ovirt-api/types/access.ts'
import { request } from '../engine/request.ts'
import { useChange } from '../engine/use-change.ts'
import { ActionButton } from '../feedback/action-button.tsx'
import { ConfirmDialog } from '../feedback/confirm-dialog.tsx'
import { usePlace } from '../list/place.ts'
import { RelatedTable } from '../list/related-table.tsx'
import type { Column } from '../list/resource-table.tsx'
import type { Thing } from '../rights/rights.ts'
import { useRights } from '../rights/use-rights.ts'
import { text } from '../text/access.ts'
import { text as rightsText } from '../text/rights.ts'
import { useIsGivable } from './givable-roles.ts'
import { GrantDialog } from './grant-dialog.tsx'
import { holderOf, placeOf, type ShownPermission, thingOf, withNames } from './permission-place.ts'
import { useUserNames } from './use-user-names.ts'

interface Props {
  /** The thing's place below the API's root: `/vms/ID`. */
  readonly of: string
  readonly thing: Thing & { readonly id: string }
  /** What it belongs to, where the thing itself does not say where that belongs. */
  readonly above?: Thing
}

export function Permissions({ of, thing, above = {} }: Props) {
  const { id } = thing
  const { whyNot: whyNotGranted } = useRights()
  const isGivable = useIsGivable()
  const whyNotHere = whyNotGranted('manipulate_permissions', thing, above)
  const { place, open, close } = usePlace()
  const userName = useUserNames()
  const path = `${of}/permissions`
  const whyNot = (permission: ShownPermission) => {
    if (thingOf(permission)?.id !== id) return text.isInherited(placeOf(permission))
    if (!isGivable(permission.role?.id)) return rightsText.onlySuperUser
    return whyNotHere
  }
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
      actions={
        <ActionButton whyNot={whyNotHere} onClick={() => open('grant')}>
          {text.addPermission}
        </ActionButton>
      }
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
