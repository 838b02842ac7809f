// The clusters, and the default network provider of each.
import { clusterType, dataCenterType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import type { Shown } from '../engine/resource.ts'
import { useNames } from '../engine/use-names.ts'
import { Nothing } from '../feedback/nothing.tsx'
import { ListPage } from '../list/list-page.tsx'
import { usePlace } from '../list/place.ts'
import type { Column } from '../list/resource-table.tsx'
import { text } from '../text/clusters.ts'
import { DefaultProviderDialog } from './default-provider-dialog.tsx'

type Row = Shown<typeof clusterType>

export function ClustersPage() {
  const { place, open, close } = usePlace()
  const dataCenterName = useNames(dataCenterType, '/datacenters')
  return (
    <ListPage
      title={text.title}
      type={clusterType}
      path="/clusters"
      columns={columns(dataCenterName)}
      rowActions={({ id }) => [{ title: text.setProvider, run: () => open('provider', id) }]}
      empty={<Nothing title={text.empty} body={text.emptyWhy} />}
    >
      {(rows) => {
        const cluster = rows.find(({ id }) => id === place.of)
        return place.dialog === 'provider' && cluster && <DefaultProviderDialog cluster={cluster} onClose={close} />
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
