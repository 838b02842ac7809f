// One user: who it is, and what the user may do.
import { permissionType, userType } from '@patchbay/ovirt-api/types/access.ts'
import { clusterType, dataCenterType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { DetailPage } from '../detail/detail-page.tsx'
import { Facts } from '../detail/facts.tsx'
import { collection, single } from '../engine/queries.ts'
import type { Shown } from '../engine/resource.ts'
import { ActionButton } from '../feedback/action-button.tsx'
import { Loaded } from '../feedback/loaded.tsx'
import { usePlace } from '../list/place.ts'
import { RelatedTable } from '../list/related-table.tsx'
import type { Column } from '../list/resource-table.tsx'
import { useRights } from '../rights/use-rights.ts'
import { text } from '../text/access.ts'
import { text as portal } from '../text/portal.ts'
import { text as rightsText } from '../text/rights.ts'
import { useIsGivable } from './givable-roles.ts'
import { GrantToUserDialog } from './grant-to-user-dialog.tsx'
import { PasswordDialog } from './password-dialog.tsx'
import { placeOf, type ShownPermission, thingOf, withNames } from './permission-place.ts'
import { RemovePermissionDialog } from './permissions.tsx'
import { RemoveUserDialog } from './remove-user-dialog.tsx'

type User = Shown<typeof userType>

export function UserPage() {
  const { id } = useParams({ from: '/users/$id' })
  const query = useQuery(single(userType, `/users/${id}`))
  return <Loaded query={query}>{(user) => <Page user={user} />}</Loaded>
}

function Page({ user }: { user: User }) {
  const { place, open, close } = usePlace()
  const navigate = useNavigate()
  const { whyNot } = useRights()
  const whyNotHere = whyNot('manipulate_users')
  return (
    <DetailPage
      title={user.user_name ?? ''}
      parent={{ to: '/users', title: text.users }}
      actions={
        <>
          <ActionButton variant="secondary" whyNot={whyNotHere} onClick={() => open('password')}>
            {text.setPassword}
          </ActionButton>
          <ActionButton variant="secondary" isDanger whyNot={whyNotHere} onClick={() => open('remove')}>
            {portal.remove}
          </ActionButton>
        </>
      }
      tabs={[
        { key: 'permissions', title: text.permissions, content: <UserPermissions user={user} /> },
        { key: 'general', title: text.general, content: <General user={user} /> },
      ]}
    >
      {place.dialog === 'password' && <PasswordDialog user={user} onClose={close} />}
      {place.dialog === 'remove' && (
        <RemoveUserDialog user={user} onClose={close} onRemoved={() => void navigate({ to: '/users' })} />
      )}
    </DetailPage>
  )
}

function UserPermissions({ user }: { user: User }) {
  const { place, open, close } = usePlace()
  const { whyNot } = useRights()
  const isGivable = useIsGivable()
  const { data: dataCenters = [] } = useQuery(collection(dataCenterType, '/datacenters'))
  const { data: clusters = [] } = useQuery(collection(clusterType, '/clusters'))
  const path = `/users/${user.id}/permissions`
  const whyNotRemoved = (permission: ShownPermission) => {
    if (!isGivable(permission.role?.id)) return rightsText.onlySuperUser
    const thing = thingOf(permission)
    return whyNot('manipulate_permissions', ...(thing ? [thing] : []))
  }
  return (
    <RelatedTable
      label={text.permissions}
      type={permissionType}
      path={path}
      query={withNames}
      columns={columns}
      rowActions={(permission) => [
        {
          title: text.removePermission,
          isDanger: true,
          whyNot: whyNotRemoved(permission),
          run: () => open('remove-permission', permission.id),
        },
      ]}
      actions={
        <ActionButton
          whyNot={whyNot('manipulate_permissions', ...clusters, ...dataCenters)}
          onClick={() => open('grant')}
        >
          {text.addPermission}
        </ActionButton>
      }
      empty={{ title: text.noPermissions, body: text.noPermissionsOfUser }}
    >
      {(permissions) => {
        const permission = permissions.find(({ id }) => id === place.of)
        if (place.dialog === 'grant') return <GrantToUserDialog user={user} onClose={close} />
        if (place.dialog !== 'remove-permission' || !permission) return null
        const name = text.permissionOf(user.user_name ?? '', permission.role?.name ?? '', placeOf(permission))
        return <RemovePermissionDialog path={`${path}/${permission.id}`} name={name} onClose={close} />
      }}
    </RelatedTable>
  )
}

const columns: readonly Column<ShownPermission>[] = [
  { title: text.role, cell: ({ role }) => role?.name },
  { title: text.on, cell: placeOf },
]

function General({ user }: { user: User }) {
  return (
    <Facts
      facts={[
        [text.userName, user.user_name],
        [text.firstName, user.name],
        [text.lastName, user.last_name],
        [text.email, user.email],
        [text.domain, user.domain?.name],
        [text.enabled, user.enabled ?? true],
      ]}
    />
  )
}
