// The hosts that virtual machines run on.
import { clusterType, hostType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { collection } from '../engine/queries.ts'
import type { Shown } from '../engine/resource.ts'
import { useNames } from '../engine/use-names.ts'
import { ActionButton } from '../feedback/action-button.tsx'
import { FailureAlert } from '../feedback/failure-alert.tsx'
import { Nothing } from '../feedback/nothing.tsx'
import { Status } from '../feedback/status.tsx'
import { ListPage } from '../list/list-page.tsx'
import { usePlace } from '../list/place.ts'
import type { Column } from '../list/resource-table.tsx'
import { useRights } from '../rights/use-rights.ts'
import { text } from '../text/hosts.ts'
import { text as portal } from '../text/portal.ts'
import { AddHostDialog } from './add-host-dialog.tsx'
import { HostDialogs } from './host-dialogs.tsx'
import { useHostActions } from './use-host-actions.ts'

type Row = Shown<typeof hostType>

export function HostsPage() {
  const { place, open, close } = usePlace()
  const { whyNot } = useRights()
  const { data: clusters = [] } = useQuery(collection(clusterType, '/clusters'))
  const clusterName = useNames(clusterType, '/clusters')
  const { actionsOf, error } = useHostActions()
  const add = (
    <ActionButton whyNot={whyNot('create_host', ...clusters)} onClick={() => open('add')}>
      {text.add}
    </ActionButton>
  )
  return (
    <ListPage
      title={text.title}
      type={hostType}
      path="/hosts"
      searchHint={text.searchHint}
      columns={columns(clusterName)}
      actions={add}
      rowActions={actionsOf}
      empty={<Nothing title={text.empty} body={text.emptyWhy} action={add} />}
    >
      {(rows) => {
        const host = rows.find(({ id }) => id === place.of)
        return (
          <>
            {error && <FailureAlert error={error} title={portal.notDone} />}
            {place.dialog === 'add' && <AddHostDialog onClose={close} />}
            {host && <HostDialogs host={host} />}
          </>
        )
      }}
    </ListPage>
  )
}

const columns = (clusterName: (id: string | undefined) => string): readonly Column<Row>[] => [
  {
    title: text.name,
    sortBy: 'name',
    cell: ({ id, name }) => (
      <Link to="/hosts/$id" params={{ id }}>
        {name}
      </Link>
    ),
  },
  {
    title: text.state,
    sortBy: 'status',
    cell: ({ status, status_detail }) => <Status status={status} detail={status_detail} />,
  },
  { title: text.address, sortBy: 'address', cell: ({ address }) => address },
  { title: text.cluster, sortBy: 'cluster', cell: ({ cluster }) => clusterName(cluster?.id) },
  { title: text.ovn, cell: ({ ovn_configured }) => (ovn_configured ? portal.yes : portal.no) },
  { title: text.reinstall, cell: ({ reinstallation_required }) => (reinstallation_required ? portal.yes : portal.no) },
]
