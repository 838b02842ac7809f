// The roles: those that the engine brings, and own ones.
import { roleType } from '@patchbay/ovirt-api/types/access.ts'
import { request } from '../engine/request.ts'
import type { Shown } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { ActionButton } from '../feedback/action-button.tsx'
import { ConfirmDialog } from '../feedback/confirm-dialog.tsx'
import { Nothing } from '../feedback/nothing.tsx'
import { ListPage } from '../list/list-page.tsx'
import { usePlace } from '../list/place.ts'
import type { Column } from '../list/resource-table.tsx'
import { useRights } from '../rights/use-rights.ts'
import { text } from '../text/access.ts'
import { text as portal } from '../text/portal.ts'
import { AddRoleDialog } from './add-role-dialog.tsx'
import { PermitsDialog } from './permits-dialog.tsx'

type Row = Shown<typeof roleType>

export function RolesPage() {
  const { place, open, close } = usePlace()
  const { whyNot } = useRights()
  const whyNotHere = whyNot('manipulate_roles')
  return (
    <ListPage
      title={text.roles}
      type={roleType}
      path="/roles"
      columns={columns}
      actions={
        <ActionButton whyNot={whyNotHere} onClick={() => open('add')}>
          {text.addRole}
        </ActionButton>
      }
      rowActions={({ id, mutable }) => [
        { title: text.permits, run: () => open('permits', id) },
        {
          title: portal.remove,
          isDanger: true,
          whyNot: mutable ? whyNotHere : text.isPredefined,
          run: () => open('remove', id),
        },
      ]}
      empty={<Nothing title={text.noRoles} body="" />}
    >
      {(rows) => {
        const role = rows.find(({ id }) => id === place.of)
        if (place.dialog === 'add') return <AddRoleDialog onClose={close} />
        if (!role) return null
        if (place.dialog === 'permits') return <PermitsDialog role={role} onClose={close} />
        return place.dialog === 'remove' && <RemoveRoleDialog role={role} onClose={close} />
      }}
    </ListPage>
  )
}

const columns: readonly Column<Row>[] = [
  { title: text.roleName, cell: ({ name }) => name },
  { title: text.description, cell: ({ description }) => description },
  {
    title: text.kind,
    isShort: true,
    cell: ({ administrative }) => (administrative ? text.administrative : text.forUsers),
  },
  { title: text.origin, cell: ({ mutable }) => (mutable ? text.own : text.predefined) },
]

function RemoveRoleDialog({ role, onClose }: { role: Row; onClose: () => void }) {
  const remove = useChange(() => request('DELETE', `/roles/${role.id}`), { done: onClose })
  return (
    <ConfirmDialog
      title={text.removeRole}
      question={text.removeRoleQuestion}
      names={[role.name ?? role.id]}
      verb={portal.remove}
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(undefined)}
      onClose={onClose}
    />
  )
}
