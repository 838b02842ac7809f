// Who may log in, beside the engine's administrator.
import { userType } from '@patchbay/ovirt-api/types/access.ts'
import UsersIcon from '@patternfly/react-icons/dist/esm/icons/users-icon'
import { Link } from '@tanstack/react-router'
import { request } from '../engine/request.ts'
import type { Shown } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { ActionButton } from '../feedback/action-button.tsx'
import { FailureAlert } from '../feedback/failure-alert.tsx'
import { Nothing } from '../feedback/nothing.tsx'
import { ListPage } from '../list/list-page.tsx'
import { usePlace } from '../list/place.ts'
import type { Column } from '../list/resource-table.tsx'
import { useRights } from '../rights/use-rights.ts'
import { text } from '../text/access.ts'
import { text as portal } from '../text/portal.ts'
import { AddUserDialog } from './add-user-dialog.tsx'
import { PasswordDialog } from './password-dialog.tsx'
import { RemoveUserDialog } from './remove-user-dialog.tsx'

type Row = Shown<typeof userType>

export function UsersPage() {
  const { place, open, close } = usePlace()
  const { whyNot } = useRights()
  const whyNotHere = whyNot('manipulate_users')
  const turn = useChange(
    ({ id, enabled = true }: Row) => request('PUT', `/users/${id}`, { enabled: String(!enabled) }),
    { kinds: ['user', 'event'] },
  )
  const add = (
    <ActionButton whyNot={whyNotHere} onClick={() => open('add')}>
      {text.addUser}
    </ActionButton>
  )
  return (
    <ListPage
      title={text.users}
      type={userType}
      path="/users"
      columns={columns}
      searchHint={text.userSearchHint}
      actions={add}
      rowActions={(user) => [
        { title: text.setPassword, whyNot: whyNotHere, run: () => open('password', user.id) },
        {
          title: (user.enabled ?? true) ? text.disable : text.enable,
          whyNot: whyNotHere,
          run: () => turn.mutate(user),
        },
        { title: portal.remove, isDanger: true, whyNot: whyNotHere, run: () => open('remove', user.id) },
      ]}
      empty={<Nothing title={text.noUsers} body={text.noUsersWhy} icon={UsersIcon} action={add} />}
    >
      {(rows) => {
        const user = rows.find(({ id }) => id === place.of)
        return (
          <>
            {turn.error && <FailureAlert error={turn.error} title={portal.notDone} />}
            {place.dialog === 'add' && <AddUserDialog onClose={close} />}
            {place.dialog === 'password' && user && <PasswordDialog user={user} onClose={close} />}
            {place.dialog === 'remove' && user && <RemoveUserDialog user={user} onClose={close} />}
          </>
        )
      }}
    </ListPage>
  )
}

const columns: readonly Column<Row>[] = [
  {
    title: text.userName,
    sortBy: 'usrname',
    cell: ({ id, user_name }) => (
      <Link to="/users/$id" params={{ id }}>
        {user_name}
      </Link>
    ),
  },
  { title: text.firstName, sortBy: 'name', cell: ({ name }) => name },
  { title: text.lastName, sortBy: 'lastname', cell: ({ last_name }) => last_name },
  { title: text.email, sortBy: 'email', cell: ({ email }) => email },
  { title: text.state, isShort: true, cell: ({ enabled = true }) => (enabled ? text.enabled : text.disabled) },
]
