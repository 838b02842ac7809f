// The network providers that the engine knows.

import { providerType } from '@patchbay/ovirt-api/types/providers.ts'
import PlugIcon from '@patternfly/react-icons/dist/esm/icons/plug-icon'
import { Link } from '@tanstack/react-router'
import type { Shown } from '../engine/resource.ts'
import { ActionButton } from '../feedback/action-button.tsx'
import { Nothing } from '../feedback/nothing.tsx'
import { Status } from '../feedback/status.tsx'
import { ListPage } from '../list/list-page.tsx'
import { usePlace } from '../list/place.ts'
import type { Column } from '../list/resource-table.tsx'
import { useRights } from '../rights/use-rights.ts'
import { text } from '../text/providers.ts'
import { ProviderDialog } from './provider-dialog.tsx'
import { providersPath } from './provider-requests.ts'
import { RemoveProviderDialog } from './remove-provider-dialog.tsx'

type Row = Shown<typeof providerType>

const columns: readonly Column<Row>[] = [
  {
    title: text.name,
    sortBy: 'name',
    cell: ({ id, name }) => (
      <Link to="/providers/$id" params={{ id }}>
        {name}
      </Link>
    ),
  },
  { title: text.state, cell: ({ status, status_detail }) => <Status status={status} detail={status_detail} /> },
  { title: text.type, sortBy: 'type', cell: ({ type = 'external' }) => text.types[type] },
  { title: text.description, sortBy: 'description', cell: ({ description }) => description },
  { title: text.url, sortBy: 'url', cell: ({ url }) => url },
]

export function ProvidersPage() {
  const { open } = usePlace()
  const whyNot = useRights().whyNot('create_storage_pool_network')
  const add = (
    <ActionButton whyNot={whyNot} onClick={() => open('add')}>
      {text.add}
    </ActionButton>
  )
  return (
    <ListPage
      title={text.title}
      type={providerType}
      path={providersPath}
      columns={columns}
      actions={add}
      empty={<Nothing title={text.empty} body={text.emptyWhy} icon={PlugIcon} action={add} />}
      rowActions={({ id }) => [
        { title: text.edit, whyNot, run: () => open('edit', id) },
        { title: text.remove, isDanger: true, whyNot, run: () => open('remove', id) },
        { title: text.forceRemove, isDanger: true, whyNot, run: () => open('force-remove', id) },
      ]}
    >
      {(rows) => <Dialogs rows={rows} />}
    </ListPage>
  )
}

function Dialogs({ rows }: { rows: readonly Row[] }) {
  const { place, close } = usePlace()
  const provider = rows.find(({ id }) => id === place.of)
  if (place.dialog === 'add') return <ProviderDialog onClose={close} />
  if (!provider) return null
  if (place.dialog === 'edit') return <ProviderDialog key={provider.id} provider={provider} onClose={close} />
  if (place.dialog === 'remove') return <RemoveProviderDialog provider={provider} onClose={close} />
  if (place.dialog === 'force-remove') return <RemoveProviderDialog provider={provider} isForced onClose={close} />
  return null
}
