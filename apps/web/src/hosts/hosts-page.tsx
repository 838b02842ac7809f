// The hosts that virtual machines run on.
import { clusterType, hostType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { useNavigate } from '@tanstack/react-router'
import { request } from '../engine/request.ts'
import type { Shown } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { useNames } from '../engine/use-names.ts'
import { FailureAlert } from '../feedback/failure-alert.tsx'
import { Nothing } from '../feedback/nothing.tsx'
import { Status } from '../feedback/status.tsx'
import { ListPage } from '../list/list-page.tsx'
import type { Column } from '../list/resource-table.tsx'
import { text } from '../text/hosts.ts'
import { text as portal } from '../text/portal.ts'
import { text as topologyText } from '../text/topology.ts'

type Row = Shown<typeof hostType>

export function HostsPage() {
  const clusterName = useNames(clusterType, '/clusters')
  const navigate = useNavigate()
  const action = useChange(
    ({ id, name }: { id: string; name: string }) => request('POST', `/hosts/${id}/${name}`, {}),
    {
      kinds: ['host', 'event', 'job'],
    },
  )
  const isAway = ({ status = '' }: Row) => status.includes('maintenance')
  return (
    <ListPage
      title={text.title}
      type={hostType}
      path="/hosts"
      columns={columns(clusterName)}
      rowActions={(host) => [
        {
          title: text.activate,
          whyNot: isAway(host) ? undefined : text.isActive,
          run: () => action.mutate({ id: host.id, name: 'activate' }),
        },
        {
          title: text.maintenance,
          whyNot: isAway(host) ? text.inMaintenance : undefined,
          run: () => action.mutate({ id: host.id, name: 'deactivate' }),
        },
        {
          title: topologyText.open,
          run: () => void navigate({ to: '/topology', search: { host: host.id } }),
        },
        { title: text.refresh, run: () => action.mutate({ id: host.id, name: 'refresh' }) },
      ]}
      empty={<Nothing title={text.empty} body={text.emptyWhy} />}
    >
      {() => action.error && <FailureAlert error={action.error} title={portal.notDone} />}
    </ListPage>
  )
}

const columns = (clusterName: (id: string | undefined) => string): readonly Column<Row>[] => [
  { title: text.name, sortBy: 'name', cell: ({ name }) => name },
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
