// Networks and subnets of the mirror, as switches and DHCP options change.
import { type Cidr, parseCidr } from '@patchbay/networking-api/ip.ts'
import { type Network, networkType } from '@patchbay/networking-api/resources/networks.ts'
import type { Change } from '@patchbay/ovsdb/cache/table-copy.ts'
import type { Transaction } from '../../backend.ts'
import { rangeOf } from '../../facts/subnet-addressing.ts'
import type { DhcpOptionsRow, Northbound, SwitchPortRow, SwitchRow } from '../northbound.ts'
import { readNetwork } from '../rows/network-rows.ts'
import { inOrder } from '../rows/own-attributes.ts'
import type { SubnetRange } from '../rows/port-rows.ts'
import { readSubnet } from '../rows/subnet-rows.ts'
import type { HeldAddresses } from './held-addresses.ts'
import { put } from './put.ts'

/** Addresses that now belong to another subnet, or to none. */
export interface Readdressed {
  readonly networkId: string
  readonly cidr: Cidr
}

export function createNetworkFollower(
  { switches, dhcpOptionsOfNetwork }: Northbound,
  { networks, subnets, numbers }: Transaction,
  held: HeldAddresses,
  maxMtu: number,
) {
  /** Network → its port on a physical network. */
  const localnets = new Map<string, SwitchPortRow>()
  /** Network → its subnets; emptied when any of them changes. */
  const ranges = new Map<string, readonly SubnetRange[]>()

  function putNetwork(row: SwitchRow): void {
    const before = networks.get(row._uuid)
    const subnetIds = before?.subnets ?? subnets.find('network_id', row._uuid).map(({ id }) => id)
    const network = readNetwork(row, localnets.get(row._uuid), maxMtu)
    const after = inOrder(networkType, { ...network, subnets: subnetIds } as Network)
    // Most changes of a switch are those of its ports.
    if (JSON.stringify(before) !== JSON.stringify(after)) put(networks, before, after)
    if (!before) ranges.delete(row._uuid)
  }

  function putLocalnet(networkId: string, uuid: string, row: SwitchPortRow | undefined): void {
    if (row) localnets.set(networkId, row)
    else if (localnets.get(networkId)?._uuid === uuid) localnets.delete(networkId)
    const network = switches.get(networkId)
    if (network) putNetwork(network)
  }

  /** Of a network that is not there, nothing is shown. Answers where ports may have other addresses now. */
  function putSubnet(id: string, row: DhcpOptionsRow | undefined): Readdressed[] {
    const before = subnets.get(id)
    const read = row && readSubnet(row)
    const after = read && switches.get(read.network_id) ? read : undefined
    if (before && !after) held.forget(id)
    put(subnets, before, after)
    for (const one of [before, after]) ranges.delete(one?.network_id ?? '')
    if (before?.network_id !== after?.network_id) {
      listSubnet(before?.network_id, (ids) => ids.filter((other) => other !== id))
      listSubnet(after?.network_id, (ids) => [...ids, id])
    } else if (before?.cidr === after?.cidr) return []
    return [before, after].flatMap((subnet) =>
      subnet ? [{ networkId: subnet.network_id, cidr: parseCidr(subnet.cidr!)! }] : [],
    )
  }

  function listSubnet(networkId: string | undefined, change: (ids: readonly string[]) => string[]): void {
    const network = networkId === undefined ? undefined : networks.get(networkId)
    if (network) networks.update({ ...network, subnets: change(network.subnets) })
  }

  const poolsOf = (subnetId: string) => JSON.stringify(subnets.get(subnetId)?.allocation_pools)

  function definePools(subnetId: string): void {
    const subnet = subnets.get(subnetId)
    if (subnet) numbers.define(subnetId, subnet.allocation_pools.map(rangeOf))
  }

  function rangesOf(networkId: string): readonly SubnetRange[] {
    const known = ranges.get(networkId)
    if (known) return known
    const found = subnets.find('network_id', networkId).map(({ id, cidr }) => ({ id, cidr: parseCidr(cidr!)! }))
    ranges.set(networkId, found)
    return found
  }

  /** Of networks that are new, or gone. */
  function strayDhcpOptions(switchChanges: readonly Change<SwitchRow>[]): DhcpOptionsRow[] {
    return switchChanges.flatMap(({ uuid, before, row }) => (before && row ? [] : dhcpOptionsOfNetwork.all(uuid)))
  }

  function removeNetwork(id: string): void {
    localnets.delete(id)
    ranges.delete(id)
    networks.remove(id)
  }

  function clear(): void {
    localnets.clear()
    ranges.clear()
  }

  return { putNetwork, putLocalnet, removeNetwork, putSubnet, strayDhcpOptions, poolsOf, definePools, rangesOf, clear }
}

export type NetworkFollower = ReturnType<typeof createNetworkFollower>
