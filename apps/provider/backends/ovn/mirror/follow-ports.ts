// Ports of the mirror, as switch ports change, come to another switch, or find their addresses in another subnet.
import { contains } from '@patchbay/networking-api/ip.ts'
import type { FixedIp } from '@patchbay/networking-api/resources/ports.ts'
import type { TableChanges } from '@patchbay/ovsdb/cache/copy.ts'
import type { Transaction } from '../../backend.ts'
import { isServicePort } from '../../facts/service-ports.ts'
import { rangeOf } from '../../facts/subnet-addressing.ts'
import type { Northbound, SwitchPortRow } from '../northbound.ts'
import { portIdOf } from '../rows/port-id.ts'
import { ipAddressesOf, placesOf, readPort } from '../rows/port-rows.ts'
import { strangersDefaultName } from '../rows/security-groups/group-rows.ts'
import type { NetworkFollower, Readdressed } from './follow-networks.ts'
import type { RouterFollower } from './follow-routers.ts'
import type { HeldAddresses } from './held-addresses.ts'
import { changesOf } from './mirror-changes.ts'
import { put } from './put.ts'

/** Where a row is that the API does not show. */
interface Place {
  readonly networkId: string
  readonly fixedIps: readonly FixedIp[]
}

export interface PortRows {
  readonly before: SwitchPortRow | undefined
  readonly row: SwitchPortRow | undefined
}

export function createPortFollower(
  { switches, switchPorts, portGroupsByName }: Northbound,
  { subnets, ports, securityGroups }: Transaction,
  held: HeldAddresses,
  { putLocalnet, rangesOf }: NetworkFollower,
  { asPort, peersOf, putFloatingIp, releasePort }: RouterFollower,
) {
  /** Rows that the API does not show → what they occupy all the same. */
  const others = new Map<string, Place>()

  function groupOf(word: string): string | undefined {
    if (word === strangersDefaultName) return portGroupsByName.get(word)?._uuid
    return securityGroups.get(word)?.id
  }

  /** `home`: the network, where that changed. */
  function putPort(uuid: string, { before: old, row }: PortRows, home: string | undefined): void {
    const before = old && ports.get(portIdOf(old))
    const other = others.get(uuid)
    const networkId = row && (home ?? before?.network_id ?? other?.networkId)
    const subnetRanges = networkId === undefined ? [] : rangesOf(networkId)
    const shown = row && asPort(row)
    const after = shown && networkId ? readPort(shown, networkId, subnetRanges, groupOf) : undefined
    const fixedIps = after?.fixed_ips ?? (row && networkId ? placesOf(row, subnetRanges) : [])
    rehold(before?.fixed_ips ?? other?.fixedIps ?? [], fixedIps)
    if (row && networkId && !after) others.set(uuid, { networkId, fixedIps })
    else others.delete(uuid)
    if (old?.type === 'localnet' && other) putLocalnet(other.networkId, uuid, undefined)
    if (row?.type === 'localnet' && networkId) putLocalnet(networkId, uuid, row)
    if (before && before.id !== after?.id) {
      ports.remove(before.id)
      releasePort(before.id)
    }
    // An id that is a name of somebody else's may be that of another row, too.
    if (after) put(ports, before?.id === after.id ? before : after.id === uuid ? undefined : ports.get(after.id), after)
    for (const port of [before, after]) if (port && isServicePort(port)) putFloatingIp(port.id, row, after)
  }

  function rehold(before: readonly FixedIp[], after: readonly FixedIp[]): void {
    for (const fixed of before) {
      if (has(after, fixed)) continue
      const pools = subnets.get(fixed.subnet_id)?.allocation_pools ?? []
      held.letGo(fixed, pools.map(rangeOf))
    }
    for (const fixed of after) if (!has(before, fixed)) held.hold(fixed)
  }

  /** The rows that changed, those that were moved, and those whose addresses mean something else now. */
  function affected(
    changes: TableChanges,
    homes: ReadonlyMap<string, string>,
    readdressed: readonly Readdressed[],
  ): Map<string, PortRows> {
    const found = new Map<string, PortRows>()
    for (const change of changesOf<SwitchPortRow>(changes, 'Logical_Switch_Port')) found.set(change.uuid, change)
    const add = (uuid: string, matters: (row: SwitchPortRow) => boolean) => {
      const row = found.has(uuid) ? undefined : switchPorts.get(uuid)
      if (row && matters(row)) found.set(uuid, { before: row, row })
    }
    for (const uuid of [...homes.keys(), ...peersOf(changes)]) add(uuid, () => true)
    for (const { networkId, cidr } of readdressed)
      for (const uuid of switches.get(networkId)?.ports ?? [])
        add(uuid, (row) => ipAddressesOf(asPort(row) ?? row).some(([, address]) => contains(cidr, address)))
    return found
  }

  return { putPort, affected, clear: () => others.clear() }
}

const has = (fixedIps: readonly FixedIp[], { subnet_id, ip_address }: FixedIp) =>
  fixedIps.some((fixed) => fixed.subnet_id === subnet_id && fixed.ip_address === ip_address)
