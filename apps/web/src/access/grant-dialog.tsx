// A role for a user, or for everyone, on the thing whose permissions are shown.
import { groupType, userType } from '@patchbay/ovirt-api/types/access.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { collection } from '../engine/queries.ts'
import { request } from '../engine/request.ts'
import { useChange } from '../engine/use-change.ts'
import { ChoiceField } from '../form/fields.tsx'
import { FormDialog } from '../form/form-dialog.tsx'
import { text } from '../text/access.ts'
import { text as portal } from '../text/portal.ts'
import { useGivableRoles } from './givable-roles.ts'

interface Props {
  readonly path: string
  readonly onClose: () => void
}

export function GrantDialog({ path, onClose }: Props) {
  const [who, setWho] = useState<string>()
  const [roleId, setRoleId] = useState<string>()
  const { data: groups = [] } = useQuery(collection(groupType, '/groups'))
  const { data: users = [] } = useQuery(collection(userType, '/users'))
  const roles = useGivableRoles()
  const holders = [
    ...users.map(({ id, user_name = '' }) => [`user ${id}`, user_name] as const),
    ...groups.map(({ id, name = '' }) => [`group ${id}`, name] as const),
  ]
  const role = roleId ?? roles.find(({ administrative }) => !administrative)?.id ?? ''
  const holder = who ?? holders[0]?.[0] ?? ''
  const grant = useChange(
    () => {
      const [kind = '', id = ''] = holder.split(' ')
      return request('POST', path, { role: { id: role }, [kind]: { id } })
    },
    { done: onClose },
  )
  return (
    <FormDialog
      title={text.addPermission}
      verb={portal.add}
      isBusy={grant.isPending}
      error={grant.error}
      onSubmit={() => grant.mutate(undefined)}
      onClose={onClose}
    >
      <ChoiceField label={text.who} isRequired value={holder} options={holders} onChange={setWho} />
      <ChoiceField
        label={text.role}
        isRequired
        value={role}
        options={roles.map(({ id, name = '' }) => [id, name])}
        onChange={setRoleId}
        help={roles.find(({ id }) => id === role)?.description}
      />
    </FormDialog>
  )
}
