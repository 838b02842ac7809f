// The driver packages that the engine has.
import { driverPackageType } from '@patchbay/ovirt-api/types/drivers.ts'
import { Link } from '@tanstack/react-router'
import type { Shown } from '../engine/resource.ts'
import { ActionButton } from '../feedback/action-button.tsx'
import { Nothing } from '../feedback/nothing.tsx'
import { ListPage } from '../list/list-page.tsx'
import { usePlace } from '../list/place.ts'
import type { Column } from '../list/resource-table.tsx'
import { useRights } from '../rights/use-rights.ts'
import { text } from '../text/drivers.ts'
import { text as portal } from '../text/portal.ts'
import { packagesPath } from './driver-requests.ts'
import { RemoveDriverDialog } from './remove-driver-dialog.tsx'
import { UploadDialog } from './upload-dialog.tsx'

type Row = Shown<typeof driverPackageType>

export function DriversPage() {
  const { place, open, close } = usePlace()
  const whyNot = useRights().whyNot('configure_engine')
  const upload = (
    <ActionButton whyNot={whyNot} onClick={() => open('upload')}>
      {text.upload}
    </ActionButton>
  )
  return (
    <ListPage
      title={text.title}
      type={driverPackageType}
      path={packagesPath}
      columns={columns}
      searchHint={text.searchHint}
      actions={upload}
      rowActions={({ id }) => [{ title: portal.remove, isDanger: true, whyNot, run: () => open('remove', id) }]}
      empty={<Nothing title={text.empty} body={text.emptyWhy} action={upload} />}
    >
      {(rows) => {
        const driver = rows.find(({ id }) => id === place.of)
        if (place.dialog === 'upload') return <UploadDialog onClose={close} />
        return place.dialog === 'remove' && driver && <RemoveDriverDialog driver={driver} onClose={close} />
      }}
    </ListPage>
  )
}

const columns: readonly Column<Row>[] = [
  {
    title: text.name,
    cell: ({ id, name }) => (
      <Link to="/drivers/$id" params={{ id }}>
        {name}
      </Link>
    ),
  },
  { title: text.version, cell: ({ version }) => version },
  { title: text.pluginTypes, cell: ({ plugin_types = [] }) => plugin_types.join(', ') },
  { title: text.publisher, cell: ({ signer }) => <span className="breaks-anywhere">{signer}</span> },
  { title: text.size, isShort: true, cell: ({ size = 0 }) => text.kibibytes(size) },
]
