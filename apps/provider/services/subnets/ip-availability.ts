// How many addresses of a network are taken, counted from what the backend has at this moment.

import { parseCidr } from '@patchbay/networking-api/ip.ts'
import type { IpAvailability, SubnetIpAvailability } from '@patchbay/networking-api/resources/ip-availability.ts'
import type { Network } from '@patchbay/networking-api/resources/networks.ts'
import type { Subnet } from '@patchbay/networking-api/resources/subnets.ts'
import type { State } from '../../backends/backend.ts'
import { rangeOf } from '../../backends/facts/subnet-addressing.ts'

/** `versions`: only subnets of these IP versions count, and a network without any is left out. Undefined: all. */
export function ipAvailability(
  { subnets, ports }: State,
  network: Network,
  versions?: readonly string[],
): IpAvailability | undefined {
  const counted = subnets
    .find('network_id', network.id)
    .filter(({ ip_version }) => !versions || versions.includes(String(ip_version)))
  if (versions && counted.length === 0) return undefined
  const taken = new Map<string, number>()
  for (const port of ports.find('network_id', network.id))
    for (const { subnet_id } of port.fixed_ips) taken.set(subnet_id, (taken.get(subnet_id) ?? 0) + 1)
  const details = counted.map((subnet) => ofSubnet(subnet, taken.get(subnet.id) ?? 0))
  return {
    network_id: network.id,
    network_name: network.name,
    tenant_id: network.tenant_id,
    project_id: network.project_id,
    subnet_ip_availability: details,
    total_ips: details.reduce((sum, { total_ips }) => sum + total_ips, 0),
    used_ips: details.reduce((sum, { used_ips }) => sum + used_ips, 0),
  }
}

const ofSubnet = (subnet: Subnet, used: number): SubnetIpAvailability => ({
  subnet_id: subnet.id,
  subnet_name: subnet.name,
  cidr: subnet.cidr,
  ip_version: subnet.ip_version,
  total_ips: sizeOf(subnet),
  used_ips: used,
})

/** Of the pools; without any, of the CIDR, as in Neutron. */
function sizeOf({ allocation_pools: pools, cidr }: Subnet): number {
  const ranges = pools.length > 0 ? pools.map(rangeOf) : [parseCidr(cidr)!]
  return Number(ranges.reduce((sum, { first, last }) => sum + last - first + 1n, 0n))
}
