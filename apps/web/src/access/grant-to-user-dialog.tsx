// A role for this user, on everything or on a part of it.
import type { userType } from '@patchbay/ovirt-api/types/access.ts'
import { clusterType, dataCenterType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { useQuery } from '@tanstack/react-query'
import { collection } from '../engine/queries.ts'
import { request } from '../engine/request.ts'
import type { Shown } from '../engine/resource.ts'
import type { Thing } from '../rights/rights.ts'
import { useRights } from '../rights/use-rights.ts'
import { text } from '../text/access.ts'
import { GrantForm } from './grant-form.tsx'

interface Props {
  readonly user: Shown<typeof userType>
  readonly onClose: () => void
}

const system = 'system'

export function GrantToUserDialog({ user, onClose }: Props) {
  const { whyNot } = useRights()
  const { data: dataCenters = [] } = useQuery(collection(dataCenterType, '/datacenters'))
  const { data: clusters = [] } = useQuery(collection(clusterType, '/clusters'))
  const isOwn = (...things: Thing[]) => whyNot('manipulate_permissions', ...things) === undefined
  const placesOf = (kind: 'data_center' | 'cluster', things: readonly (Thing & { readonly name?: string })[]) =>
    things
      .filter((each) => isOwn(each))
      .map(({ id, name = '' }) => [`${kind} ${id}`, `${text.kinds[kind]} ${name}`] as const)
  const places = [
    ...(isOwn() ? [[system, text.system] as const] : []),
    ...placesOf('data_center', dataCenters),
    ...placesOf('cluster', clusters),
  ]
  return (
    <GrantForm
      label={text.on}
      choices={places}
      grant={(place, role) => {
        if (place === system) return request('POST', '/permissions', { role, user: { id: user.id } })
        const [kind = '', id = ''] = place.split(' ')
        return request('POST', `/users/${user.id}/permissions`, { role, [kind]: { id } })
      }}
      onClose={onClose}
    />
  )
}
