// The ports of a network at its provider, and the vNICs that they are for.
import type { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import { portType } from '@patchbay/ovirt-api/types/providers.ts'
import { vmType } from '@patchbay/ovirt-api/types/vms.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { collection } from '../engine/queries.ts'
import type { Shown } from '../engine/resource.ts'
import { searchFor, searchValue } from '../engine/search-value.ts'
import { LinkButton } from '../feedback/link-button.tsx'
import { Status } from '../feedback/status.tsx'
import { RelatedTable } from '../list/related-table.tsx'
import type { Column } from '../list/resource-table.tsx'
import { text as navigation } from '../text/navigation.ts'
import { text } from '../text/networks.ts'

const columns = (vmName: (id: string) => string): readonly Column<Shown<typeof portType>>[] => [
  { title: text.name, cell: ({ name, id }) => name || id },
  { title: text.state, cell: ({ status }) => <Status status={status?.toLowerCase()} /> },
  { title: text.mac, isShort: true, cell: ({ mac_address }) => mac_address },
  { title: text.addresses, cell: ({ ip_addresses = [] }) => ip_addresses.join(', ') },
  { title: text.host, cell: ({ binding_host_id }) => binding_host_id },
  {
    title: text.vm,
    cell: ({ vm }) =>
      vm?.id && (
        <Link to="/vms/$id" params={{ id: vm.id }} search={{ tab: 'nics' }}>
          {vmName(vm.id)}
        </Link>
      ),
  },
  { title: text.device, cell: ({ device_owner }) => device_owner },
]

interface Props {
  readonly path: string
  readonly network: Shown<typeof networkType>
}

export function NetworkPorts({ path, network }: Props) {
  const search = searchFor(`vnic.network_name=${searchValue(network.name ?? '')}`)
  const { data: vms = [] } = useQuery(collection(vmType, '/vms', search))
  const names = new Map(vms.map(({ id, name = '' }) => [id, name]))
  return (
    <RelatedTable
      label={text.ports}
      type={portType}
      path={path}
      columns={columns((id) => names.get(id) ?? id)}
      empty={{
        title: text.portsEmpty,
        body: text.portsEmptyWhy,
        action: <LinkButton to="/vms">{navigation.vms}</LinkButton>,
      }}
    />
  )
}
