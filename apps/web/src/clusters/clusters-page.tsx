// The clusters, and the default network provider of each.
import { clusterType, dataCenterType, hostType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import { vmType } from '@patchbay/ovirt-api/types/vms.ts'
import { useQuery } from '@tanstack/react-query'
import { collection } from '../engine/queries.ts'
import { request } from '../engine/request.ts'
import type { Shown } from '../engine/resource.ts'
import { searchFor, searchValue } from '../engine/search-value.ts'
import { useChange } from '../engine/use-change.ts'
import { useNames } from '../engine/use-names.ts'
import { ActionButton } from '../feedback/action-button.tsx'
import { ConfirmDialog } from '../feedback/confirm-dialog.tsx'
import { effectsOf, itemsOf, namesOf } from '../feedback/effects.ts'
import { Nothing } from '../feedback/nothing.tsx'
import { ListPage } from '../list/list-page.tsx'
import { usePlace } from '../list/place.ts'
import type { Column } from '../list/resource-table.tsx'
import { useRights } from '../rights/use-rights.ts'
import { text } from '../text/clusters.ts'
import { text as effectText } from '../text/effects.ts'
import { text as portal } from '../text/portal.ts'
import { text as rightsText } from '../text/rights.ts'
import { ClusterDialog } from './cluster-dialog.tsx'
import { DefaultProviderDialog } from './default-provider-dialog.tsx'

type Row = Shown<typeof clusterType>

export function ClustersPage() {
  const { place, open, close } = usePlace()
  const { isAdministrator, whyNot } = useRights()
  const { data: dataCenters = [] } = useQuery(collection(dataCenterType, '/datacenters'))
  const dataCenterName = useNames(dataCenterType, '/datacenters')
  const add = (
    <ActionButton whyNot={whyNot('create_cluster', ...dataCenters)} onClick={() => open('add')}>
      {text.add}
    </ActionButton>
  )
  return (
    <ListPage
      title={text.title}
      type={clusterType}
      path="/clusters"
      columns={columns(dataCenterName)}
      actions={add}
      rowActions={(cluster) => {
        const { id } = cluster
        const notChanged = whyNot('edit_cluster_configuration', cluster)
        return [
          {
            title: text.setProvider,
            whyNot: isAdministrator ? notChanged : rightsText.forAdministrators,
            run: () => open('provider', id),
          },
          { title: portal.edit, whyNot: notChanged, run: () => open('edit', id) },
          {
            title: portal.remove,
            isDanger: true,
            whyNot: whyNot('delete_cluster', cluster),
            run: () => open('remove', id),
          },
        ]
      }}
      empty={<Nothing title={text.empty} body={text.emptyWhy} action={add} />}
    >
      {(rows) => {
        const cluster = rows.find(({ id }) => id === place.of)
        if (place.dialog === 'add') return <ClusterDialog onClose={close} />
        if (!cluster) return null
        if (place.dialog === 'edit') return <ClusterDialog cluster={cluster} onClose={close} />
        if (place.dialog === 'remove') return <RemoveDialog cluster={cluster} onClose={close} />
        return place.dialog === 'provider' && <DefaultProviderDialog cluster={cluster} onClose={close} />
      }}
    </ListPage>
  )
}

const columns = (dataCenterName: (id: string | undefined) => string): readonly Column<Row>[] => [
  { title: text.name, sortBy: 'name', cell: ({ name }) => name },
  { title: text.dataCenter, sortBy: 'datacenter', cell: ({ data_center }) => dataCenterName(data_center?.id) },
  {
    title: text.switchType,
    sortBy: 'switch_type',
    cell: ({ switch_type = 'legacy' }) => text.switchTypes[switch_type],
  },
  { title: text.description, sortBy: 'description', cell: ({ description }) => description },
]

function RemoveDialog({ cluster, onClose }: { cluster: Row; onClose: () => void }) {
  const remove = useChange(() => request('DELETE', `/clusters/${cluster.id}`), { done: onClose })
  return (
    <ConfirmDialog
      title={text.remove}
      question={text.removeQuestion}
      names={[cluster.name ?? cluster.id]}
      effects={removedWith(cluster)}
      verb={portal.remove}
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(undefined)}
      onClose={onClose}
    />
  )
}

const removedWith = ({ id, name = '' }: Row) =>
  effectsOf(`/clusters/${id}`, async () => {
    const inIt = searchFor(`cluster=${searchValue(name)}`)
    return [
      { says: effectText.hasHosts, names: namesOf(await itemsOf(hostType, '/hosts', inIt)), isObstacle: true },
      { says: effectText.hasVms, names: namesOf(await itemsOf(vmType, '/vms', inIt)), isObstacle: true },
      { says: effectText.networksDetached, names: namesOf(await itemsOf(networkType, `/clusters/${id}/networks`)) },
    ]
  })
