// The networks that the engine knows, those of providers among them.

import { dataCenterType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import { providerType } from '@patchbay/ovirt-api/types/providers.ts'
import { ToolbarItem } from '@patternfly/react-core'
import NetworkIcon from '@patternfly/react-icons/dist/esm/icons/network-icon'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { collection } from '../engine/queries.ts'
import type { Shown } from '../engine/resource.ts'
import { useNames } from '../engine/use-names.ts'
import { ActionButton } from '../feedback/action-button.tsx'
import { Nothing } from '../feedback/nothing.tsx'
import { ImportDialog } from '../import/import-dialog.tsx'
import { ListPage } from '../list/list-page.tsx'
import { usePlace } from '../list/place.ts'
import type { Column } from '../list/resource-table.tsx'
import { useSelection } from '../list/use-selection.ts'
import { useRights } from '../rights/use-rights.ts'
import { text } from '../text/networks.ts'
import { text as rightsText } from '../text/rights.ts'
import { NetworkDialog } from './network-dialog.tsx'
import { RemoveNetworksDialog } from './remove-networks-dialog.tsx'

type Row = Shown<typeof networkType>
type NameOf = (id: string | undefined) => string

export function NetworksPage() {
  const { open } = usePlace()
  const { isAdministrator, whyNot, whyNowhere } = useRights()
  const selection = useSelection<Row>()
  const { data: dataCenters = [] } = useQuery(collection(dataCenterType, '/datacenters'))
  const dataCenterName = useNames(dataCenterType, '/datacenters')
  const providerName = useNames(providerType, '/openstacknetworkproviders', { enabled: isAdministrator })
  const begin = (
    <>
      <ToolbarItem>
        <ActionButton whyNot={whyNot('create_storage_pool_network', ...dataCenters)} onClick={() => open('new')}>
          {text.new}
        </ActionButton>
      </ToolbarItem>
      <ToolbarItem>
        <ActionButton
          variant="secondary"
          whyNot={
            isAdministrator ? whyNot('create_storage_pool_network', ...dataCenters) : rightsText.forAdministrators
          }
          onClick={() => open('import')}
        >
          {text.import}
        </ActionButton>
      </ToolbarItem>
    </>
  )
  return (
    <ListPage
      title={text.title}
      type={networkType}
      path="/networks"
      columns={columns(dataCenterName, providerName)}
      selection={selection}
      actions={
        <>
          {begin}
          <ToolbarItem>
            <ActionButton
              variant="secondary"
              isDanger
              whyNot={
                whyNowhere('delete_storage_pool_network') ??
                (selection.ids.length === 0 ? text.nothingSelected : undefined)
              }
              onClick={() => open('remove', ...selection.ids)}
            >
              {text.remove}
            </ActionButton>
          </ToolbarItem>
        </>
      }
      empty={<Nothing title={text.empty} body={text.emptyWhy} icon={NetworkIcon} action={begin} />}
    >
      {(rows) => <Dialogs rows={rows} onRemoved={selection.clear} />}
    </ListPage>
  )
}

const columns = (dataCenterName: NameOf, providerName: NameOf): readonly Column<Row>[] => [
  {
    title: text.name,
    sortBy: 'name',
    cell: ({ id, name }) => (
      <Link to="/networks/$id" params={{ id }}>
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
  { title: text.vlan, sortBy: 'vlanid', cell: ({ vlan }) => vlan?.id },
  { title: text.mtu, sortBy: 'mtu', cell: ({ mtu }) => mtu || text.mtuDefault },
  { title: text.description, sortBy: 'description', isLesser: true, cell: ({ description }) => description },
]

function Dialogs({ rows, onRemoved }: { rows: readonly Row[]; onRemoved: () => void }) {
  const { place, close } = usePlace()
  if (place.dialog === 'new') return <NetworkDialog onClose={close} />
  if (place.dialog === 'import') return <ImportDialog onClose={close} />
  const chosen = rows.filter(({ id }) => place.of?.split(',').includes(id))
  if (place.dialog !== 'remove' || chosen.length === 0) return null
  const removed = () => {
    onRemoved()
    close()
  }
  return <RemoveNetworksDialog networks={chosen} onClose={close} onRemoved={removed} />
}
