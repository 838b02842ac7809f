// A role for a user, or for everyone, on the thing whose permissions are shown.
import { groupType, userType } from '@patchbay/ovirt-api/types/access.ts'
import { useQuery } from '@tanstack/react-query'
import { collection } from '../engine/queries.ts'
import { request } from '../engine/request.ts'
import { text } from '../text/access.ts'
import { GrantForm } from './grant-form.tsx'

interface Props {
  readonly path: string
  readonly onClose: () => void
}

export function GrantDialog({ path, onClose }: Props) {
  const { data: groups = [] } = useQuery(collection(groupType, '/groups'))
  const { data: users = [] } = useQuery(collection(userType, '/users'))
  const holders = [
    ...users.map(({ id, user_name = '' }) => [`user ${id}`, user_name] as const),
    ...groups.map(({ id, name = '' }) => [`group ${id}`, name] as const),
  ]
  return (
    <GrantForm
      label={text.who}
      choices={holders}
      grant={(holder, role) => {
        const [kind = '', id = ''] = holder.split(' ')
        return request('POST', path, { role, [kind]: { id } })
      }}
      onClose={onClose}
    />
  )
}
