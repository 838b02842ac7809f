// The address use of a provider's network: a map for each of its subnets. Subnets and ports are asked of the provider.
import type { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import { portType, subnetType } from '@patchbay/ovirt-api/types/providers.ts'
import { vmType } from '@patchbay/ovirt-api/types/vms.ts'
import { useQuery } from '@tanstack/react-query'
import { collection } from '../engine/queries.ts'
import type { Shown } from '../engine/resource.ts'
import { searchFor, searchValue } from '../engine/search-value.ts'
import { Loaded } from '../feedback/loaded.tsx'
import { Nothing } from '../feedback/nothing.tsx'
import { text } from '../text/addresses.ts'
import { addressMap, type UsedAddress } from './address-map.ts'
import { SubnetAddresses } from './subnet-addresses.tsx'
import './addresses.css'

interface Props {
  /** Of the network at its provider. */
  readonly path: string
  readonly network: Shown<typeof networkType>
}

export function Addresses({ path, network }: Props) {
  const subnets = useQuery(collection(subnetType, `${path}/subnets`))
  // A provider tells nothing by itself; but ports come and go with vNICs.
  const ports = useQuery({ ...collection(portType, `${path}/ports`), meta: { kinds: [portType.singular, 'nic'] } })
  const search = searchFor(`vnic.network_name=${searchValue(network.name ?? '')}`)
  const { data: vms = [] } = useQuery(collection(vmType, '/vms', search))
  const names = new Map(vms.map(({ id, name = '' }) => [id, name]))
  return (
    <Loaded query={subnets}>
      {(all) => (
        <>
          {all.length === 0 && <Nothing title={text.empty} body={text.emptyWhy} />}
          <Loaded query={ports}>{(known) => <Maps subnets={all} used={usedBy(known, names)} />}</Loaded>
        </>
      )}
    </Loaded>
  )
}

function Maps({ subnets, used }: { subnets: readonly Shown<typeof subnetType>[]; used: readonly UsedAddress[] }) {
  return subnets.map((subnet) => {
    const { cidr = '', gateway = '', allocation_pools = [] } = subnet
    const pools = allocation_pools.map(({ start = '', end = '' }) => ({ start, end }))
    const map = addressMap({ cidr, gateway, pools }, used)
    return map && <SubnetAddresses key={subnet.id} subnet={subnet} map={map} />
  })
}

/** A port whose device is of DHCP is marked as Neutron's drivers mark theirs. */
function usedBy(ports: readonly Shown<typeof portType>[], names: ReadonlyMap<string, string>): UsedAddress[] {
  return ports.flatMap(({ id, name, mac_address = '', ip_addresses = [], device_owner, vm }) => {
    const owner = text.portOf(text.port(name || id, mac_address), names.get(vm?.id ?? '') ?? '')
    return ip_addresses.map((address) => ({ address, owner, isDhcp: device_owner === 'network:dhcp' }))
  })
}
