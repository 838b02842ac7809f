// The virtual machines that run on a host.
import type { hostType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { vmType } from '@patchbay/ovirt-api/types/vms.ts'
import { Link } from '@tanstack/react-router'
import type { Shown } from '../engine/resource.ts'
import { searchFor, searchValue } from '../engine/search-value.ts'
import { LinkButton } from '../feedback/link-button.tsx'
import { Status } from '../feedback/status.tsx'
import { RelatedTable } from '../list/related-table.tsx'
import type { Column } from '../list/resource-table.tsx'
import { text } from '../text/hosts.ts'
import { text as navigation } from '../text/navigation.ts'

export function HostVms({ host }: { host: Shown<typeof hostType> }) {
  return (
    <RelatedTable
      label={text.vms}
      type={vmType}
      path="/vms"
      query={searchFor(`host=${searchValue(host.name ?? '')}`)}
      columns={columns}
      empty={{ title: text.noVms, body: text.noVmsWhy, action: <LinkButton to="/vms">{navigation.vms}</LinkButton> }}
    />
  )
}

const columns: readonly Column<Shown<typeof vmType>>[] = [
  {
    title: text.name,
    cell: ({ id, name }) => (
      <Link to="/vms/$id" params={{ id }}>
        {name}
      </Link>
    ),
  },
  { title: text.state, cell: ({ status, status_detail }) => <Status status={status} detail={status_detail} /> },
]
