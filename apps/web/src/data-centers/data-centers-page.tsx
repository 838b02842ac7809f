// The data centers: networks and clusters belong to one.
import { clusterType, dataCenterType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import { request } from '../engine/request.ts'
import type { Shown } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { ActionButton } from '../feedback/action-button.tsx'
import { ConfirmDialog } from '../feedback/confirm-dialog.tsx'
import { effectsOf, itemsOf, namesOf } from '../feedback/effects.ts'
import { Nothing } from '../feedback/nothing.tsx'
import { ListPage } from '../list/list-page.tsx'
import { usePlace } from '../list/place.ts'
import type { Column } from '../list/resource-table.tsx'
import { useRights } from '../rights/use-rights.ts'
import { text } from '../text/data-centers.ts'
import { text as effectText } from '../text/effects.ts'
import { text as portal } from '../text/portal.ts'
import { DataCenterDialog } from './data-center-dialog.tsx'

type Row = Shown<typeof dataCenterType>

export function DataCentersPage() {
  const { place, open, close } = usePlace()
  const { whyNot } = useRights()
  const add = (
    <ActionButton whyNot={whyNot('create_storage_pool')} onClick={() => open('add')}>
      {text.add}
    </ActionButton>
  )
  return (
    <ListPage
      title={text.title}
      type={dataCenterType}
      path="/datacenters"
      columns={columns}
      actions={add}
      rowActions={({ id }) => [
        { title: portal.edit, whyNot: whyNot('edit_storage_pool_configuration', { id }), run: () => open('edit', id) },
        {
          title: portal.remove,
          isDanger: true,
          whyNot: whyNot('delete_storage_pool', { id }),
          run: () => open('remove', id),
        },
      ]}
      empty={<Nothing title={text.empty} body={text.emptyWhy} action={add} />}
    >
      {(rows) => {
        const dataCenter = rows.find(({ id }) => id === place.of)
        if (place.dialog === 'add') return <DataCenterDialog onClose={close} />
        if (!dataCenter) return null
        if (place.dialog === 'edit') return <DataCenterDialog dataCenter={dataCenter} onClose={close} />
        return place.dialog === 'remove' && <RemoveDialog dataCenter={dataCenter} onClose={close} />
      }}
    </ListPage>
  )
}

const columns: readonly Column<Row>[] = [
  { title: text.name, sortBy: 'name', cell: ({ name }) => name },
  { title: text.description, sortBy: 'description', cell: ({ description }) => description },
  { title: text.comment, cell: ({ comment }) => comment },
]

function RemoveDialog({ dataCenter, onClose }: { dataCenter: Row; onClose: () => void }) {
  const remove = useChange(() => request('DELETE', `/datacenters/${dataCenter.id}`), { done: onClose })
  return (
    <ConfirmDialog
      title={text.remove}
      question={text.removeQuestion}
      names={[dataCenter.name ?? dataCenter.id]}
      effects={removedWith(dataCenter.id)}
      verb={portal.remove}
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(undefined)}
      onClose={onClose}
    />
  )
}

const removedWith = (id: string) =>
  effectsOf(`/datacenters/${id}`, async () => [
    {
      says: effectText.hasClusters,
      names: namesOf(await itemsOf(clusterType, `/datacenters/${id}/clusters`)),
      isObstacle: true,
    },
    { says: effectText.networks, names: namesOf(await itemsOf(networkType, `/datacenters/${id}/networks`)) },
  ])
