// The virtual machines with a vNIC on a network.
import type { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import { vmType } from '@patchbay/ovirt-api/types/vms.ts'
import { Link } from '@tanstack/react-router'
import type { Shown } from '../engine/resource.ts'
import { searchFor, searchValue } from '../engine/search-value.ts'
import { LinkButton } from '../feedback/link-button.tsx'
import { Status } from '../feedback/status.tsx'
import { RelatedTable } from '../list/related-table.tsx'
import { text as navigation } from '../text/navigation.ts'
import { text } from '../text/networks.ts'

interface Props {
  readonly network: Shown<typeof networkType>
  readonly dataCenterName: string
}

export function NetworkVms({ network, dataCenterName }: Props) {
  const search = `vnic.network_name=${searchValue(network.name ?? '')} and datacenter=${searchValue(dataCenterName)}`
  return (
    <RelatedTable
      label={text.vms}
      type={vmType}
      path="/vms"
      query={searchFor(search)}
      columns={[
        {
          title: text.name,
          cell: ({ id, name }) => (
            <Link to="/vms/$id" params={{ id }}>
              {name}
            </Link>
          ),
        },
        { title: text.state, cell: ({ status, status_detail }) => <Status status={status} detail={status_detail} /> },
      ]}
      empty={{
        title: text.vmsEmpty,
        body: text.vmsEmptyWhy,
        action: <LinkButton to="/vms">{navigation.vms}</LinkButton>,
      }}
    />
  )
}
