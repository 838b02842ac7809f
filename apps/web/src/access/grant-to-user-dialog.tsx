// A role for this user, on everything or on a part of it.
import type { userType } from '@patchbay/ovirt-api/types/access.ts'
import { clusterType, dataCenterType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { collection } from '../engine/queries.ts'
import { request } from '../engine/request.ts'
import type { Shown } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { ChoiceField } from '../form/fields.tsx'
import { FormDialog } from '../form/form-dialog.tsx'
import type { Thing } from '../rights/rights.ts'
import { useRights } from '../rights/use-rights.ts'
import { text } from '../text/access.ts'
import { text as portal } from '../text/portal.ts'
import { useGivableRoles } from './givable-roles.ts'

interface Props {
  readonly user: Shown<typeof userType>
  readonly onClose: () => void
}

const system = 'system'

export function GrantToUserDialog({ user, onClose }: Props) {
  const [where, setWhere] = useState<string>()
  const { whyNot } = useRights()
  const [chosen, setChosen] = useState<string>()
  const roles = useGivableRoles()
  const { data: dataCenters = [] } = useQuery(collection(dataCenterType, '/datacenters'))
  const { data: clusters = [] } = useQuery(collection(clusterType, '/clusters'))
  const roleId = chosen ?? roles.find(({ administrative }) => !administrative)?.id ?? ''
  const isOwn = (thing?: Thing) => whyNot('manipulate_permissions', ...(thing ? [thing] : [])) === undefined
  const places = [
    ...(isOwn() ? [[system, text.system] as const] : []),
    ...dataCenters
      .filter((each) => isOwn(each))
      .map(({ id, name = '' }) => [`data_center ${id}`, `${text.kinds.data_center} ${name}`] as const),
    ...clusters
      .filter((each) => isOwn(each))
      .map(({ id, name = '' }) => [`cluster ${id}`, `${text.kinds.cluster} ${name}`] as const),
  ] as const
  const on = where ?? places[0]?.[0] ?? system
  const grant = useChange(
    () => {
      const role = { id: roleId }
      if (on === system) return request('POST', '/permissions', { role, user: { id: user.id } })
      const [kind = '', id = ''] = on.split(' ')
      return request('POST', `/users/${user.id}/permissions`, { role, [kind]: { id } })
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
      <ChoiceField label={text.on} isRequired value={on} options={places} onChange={setWhere} />
      <ChoiceField
        label={text.role}
        isRequired
        value={roleId}
        options={roles.map(({ id, name = '' }) => [id, name])}
        onChange={setChosen}
        help={roles.find(({ id }) => id === roleId)?.description}
      />
    </FormDialog>
  )
}
