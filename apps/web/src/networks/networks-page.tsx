// The networks that the engine knows, those of providers among them.

import { dataCenterType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import { providerType } from '@patchbay/ovirt-api/types/providers.ts'
import { Button } from '@patternfly/react-core'
import NetworkIcon from '@patternfly/react-icons/dist/esm/icons/network-icon'
import { Link } from '@tanstack/react-router'
import type { Shown } from '../engine/resource.ts'
import { useNames } from '../engine/use-names.ts'
import { Nothing } from '../feedback/nothing.tsx'
import { ImportDialog } from '../import/import-dialog.tsx'
import { ListPage } from '../list/list-page.tsx'
import { usePlace } from '../list/place.ts'
import type { Column } from '../list/resource-table.tsx'
import { text } from '../text/networks.ts'

type Row = Shown<typeof networkType>
type NameOf = (id: string | undefined) => string

export function NetworksPage() {
  const { open } = usePlace()
  const dataCenterName = useNames(dataCenterType, '/datacenters')
  const providerName = useNames(providerType, '/openstacknetworkproviders')
  const actions = (
    <Button variant="secondary" onClick={() => open('import')}>
      {text.import}
    </Button>
  )
  return (
    <ListPage
      title={text.title}
      type={networkType}
      path="/networks"
      columns={columns(dataCenterName, providerName)}
      actions={actions}
      empty={<Nothing title={text.empty} body={text.emptyWhy} icon={NetworkIcon} action={actions} />}
    >
      {() => <Dialogs />}
    </ListPage>
  )
}

const columns = (dataCenterName: NameOf, providerName: NameOf): readonly Column<Row>[] => [
  {
    title: text.name,
    sortBy: 'name',
    cell: ({ name }) => (
      <Link to="/networks" search={{ q: name }}>
        {name}
      </Link>
    ),
  },
  { title: text.dataCenter, sortBy: 'datacenter', cell: ({ data_center }) => dataCenterName(data_center?.id) },
  {
    title: text.provider,
    sortBy: 'provider_name',
    cell: ({ external_provider }) => providerName(external_provider?.id),
  },
  { title: text.mtu, sortBy: 'mtu', cell: ({ mtu }) => mtu || text.mtuDefault },
  { title: text.description, sortBy: 'description', cell: ({ description }) => description },
]

function Dialogs() {
  const { place, close } = usePlace()
  if (place.dialog === 'import') return <ImportDialog onClose={close} />
  return null
}
