// The ports of a network at its provider, and the vNICs that they are for.
import { portType } from '@patchbay/ovirt-api/types/providers.ts'
import { Link } from '@tanstack/react-router'
import type { Shown } from '../engine/resource.ts'
import { Status } from '../feedback/status.tsx'
import { RelatedTable } from '../list/related-table.tsx'
import type { Column } from '../list/resource-table.tsx'
import { text } from '../text/networks.ts'

const columns: readonly Column<Shown<typeof portType>>[] = [
  { title: text.name, cell: ({ name, id }) => name || id },
  { title: text.state, cell: ({ status }) => <Status status={status?.toLowerCase()} /> },
  { title: text.mac, cell: ({ mac_address }) => mac_address },
  { title: text.addresses, cell: ({ ip_addresses = [] }) => ip_addresses.join(', ') },
  { title: text.host, cell: ({ binding_host_id }) => binding_host_id },
  {
    title: text.vm,
    cell: ({ vm }) =>
      vm?.id && (
        <Link to="/vms/$id" params={{ id: vm.id }} search={{ tab: 'nics' }}>
          {vm.name ?? vm.id}
        </Link>
      ),
  },
  { title: text.device, cell: ({ device_owner }) => device_owner },
]

export function NetworkPorts({ path }: { path: string }) {
  return (
    <RelatedTable
      label={text.ports}
      type={portType}
      path={path}
      columns={columns}
      empty={{ title: text.portsEmpty, body: text.portsEmptyWhy }}
    />
  )
}
