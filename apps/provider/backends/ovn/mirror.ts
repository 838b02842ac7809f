// What the northbound database says, as resources: in memory, in the same tables that the embedded backend has on disk.
import { DatabaseSync } from 'node:sqlite'
import { type Cidr, contains, parseCidr } from '@patchbay/networking-api/ip.ts'
import { type Network, networkType } from '@patchbay/networking-api/networks.ts'
import type { FixedIp, Port } from '@patchbay/networking-api/ports.ts'
import type { SecurityGroup, SecurityGroupRule } from '@patchbay/networking-api/security-groups.ts'
import type { Subnet } from '@patchbay/networking-api/subnets.ts'
import type { TableChanges } from '@patchbay/ovsdb/cache/copy.ts'
import type { Change } from '@patchbay/ovsdb/cache/table-copy.ts'
import { rangeOf } from '../../services/subnet-addressing.ts'
import type { Transaction, Writer } from '../backend.ts'
import { createNumberPools } from '../embedded/number-pools.ts'
import { indexes, migrate } from '../embedded/schema.ts'
import { createSettings } from '../embedded/settings.ts'
import { createTable } from '../embedded/table.ts'
import { createHeldAddresses } from './held-addresses.ts'
import { changesOf, everything, homesOf } from './mirror-changes.ts'
import { readNetwork } from './network-rows.ts'
import type {
  AclRow,
  DhcpOptionsRow,
  GlobalRow,
  Northbound,
  PortGroupRow,
  SwitchPortRow,
  SwitchRow,
} from './northbound.ts'
import { inOrder } from './own-attributes.ts'
import { portIdOf } from './port-id.ts'
import { fixedIpsOf, ipAddressesOf, isPortOfVm, readPort, type SubnetRange } from './port-rows.ts'
import { readGroup, readRule } from './security-group-rows.ts'
import { readSettings } from './setting-rows.ts'
import { readSubnet } from './subnet-rows.ts'

export interface Mirror {
  readonly database: DatabaseSync
  readonly tables: Transaction
  /** Why it does not show what the database says. */
  readonly failure: Error | undefined
  /** Takes over what a transaction changed, all of it at once. */
  apply(changes: TableChanges): void
}

export function createMirror(northbound: Northbound, maxMtu: number): Mirror {
  const { switches, switchPorts, dhcpOptionsOfNetwork } = northbound
  const database = new DatabaseSync(':memory:')
  migrate(database)
  // Others may give two ports one address, or none.
  database.exec('DROP INDEX port_mac')
  const held = createHeldAddresses(createNumberPools(database))
  const tables: Transaction = {
    networks: createTable<Network>(database, 'network', indexes.network),
    subnets: createTable<Subnet>(database, 'subnet', indexes.subnet),
    ports: createTable<Port>(database, 'port', indexes.port),
    securityGroups: createTable<SecurityGroup>(database, 'security_group', indexes.security_group),
    securityGroupRules: createTable<SecurityGroupRule>(database, 'security_group_rule', indexes.security_group_rule),
    settings: createSettings(database),
    numbers: held.numbers,
  }
  const { networks, subnets, ports, settings, numbers } = tables

  /** Network → its port on a physical network. */
  const localnets = new Map<string, SwitchPortRow>()
  /** Rows that are no ports of VMs → what they occupy all the same. */
  const others = new Map<string, Place>()
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

  /** `home`: the network, where that changed. */
  function putPort(uuid: string, { before: old, row }: PortRows, home: string | undefined): void {
    const before = old && ports.get(portIdOf(old))
    const other = others.get(uuid)
    const networkId = row && (home ?? before?.network_id ?? other?.networkId)
    const subnetRanges = networkId === undefined ? [] : rangesOf(networkId)
    const after = row && networkId && isPortOfVm(row) ? readPort(row, networkId, subnetRanges) : undefined
    const fixedIps = after?.fixed_ips ?? (row && networkId ? fixedIpsOf(row, subnetRanges) : [])
    rehold(before?.fixed_ips ?? other?.fixedIps ?? [], fixedIps)
    if (row && networkId && !after) others.set(uuid, { networkId, fixedIps })
    else others.delete(uuid)
    if (old?.type === 'localnet' && other) putLocalnet(other.networkId, uuid, undefined)
    if (row?.type === 'localnet' && networkId) putLocalnet(networkId, uuid, row)
    if (before && before.id !== after?.id) ports.remove(before.id)
    // An id that is a name of somebody else's may be that of another row, too.
    if (after) put(ports, before?.id === after.id ? before : after.id === uuid ? undefined : ports.get(after.id), after)
  }

  function rehold(before: readonly FixedIp[], after: readonly FixedIp[]): void {
    for (const fixed of before) {
      if (has(after, fixed)) continue
      const pools = subnets.get(fixed.subnet_id)?.allocation_pools ?? []
      held.letGo(fixed, pools.map(rangeOf))
    }
    for (const fixed of after) if (!has(before, fixed)) held.hold(fixed)
  }

  function rangesOf(networkId: string): readonly SubnetRange[] {
    const known = ranges.get(networkId)
    if (known) return known
    const found = subnets.find('network_id', networkId).map(({ id, cidr }) => ({ id, cidr: parseCidr(cidr!)! }))
    ranges.set(networkId, found)
    return found
  }

  function putSettings({ before, row }: Change<GlobalRow>): void {
    const now = readSettings(row)
    for (const key of readSettings(before).keys()) if (!now.has(key)) settings.remove(key)
    for (const [key, value] of now) settings.set(key, JSON.parse(value))
  }

  function putGroup({ before, row }: Change<PortGroupRow>): void {
    put(tables.securityGroups, before && readGroup(before), row && readGroup(row))
  }

  function putRule({ before, row }: Change<AclRow>): void {
    put(tables.securityGroupRules, before && readRule(before), row && readRule(row))
  }

  function applyAll(changes: TableChanges): void {
    for (const change of changesOf<PortGroupRow>(changes, 'Port_Group')) putGroup(change)
    for (const change of changesOf<AclRow>(changes, 'ACL')) putRule(change)
    for (const change of changesOf<GlobalRow>(changes, 'NB_Global')) putSettings(change)
    const switchChanges = changesOf<SwitchRow>(changes, 'Logical_Switch')
    for (const { row } of switchChanges) if (row) putNetwork(row)
    const subnetRows = new Map(changesOf<DhcpOptionsRow>(changes, 'DHCP_Options').map(({ uuid, row }) => [uuid, row]))
    for (const row of strayDhcpOptions(switchChanges)) if (!subnetRows.has(row._uuid)) subnetRows.set(row._uuid, row)
    const pools = new Map(Array.from(subnetRows.keys(), (id) => [id, poolsOf(id)]))
    const readdressed = [...subnetRows].flatMap(([id, row]) => putSubnet(id, row))
    const homes = homesOf(switchChanges)
    for (const [uuid, change] of portRows(changes, homes, readdressed)) putPort(uuid, change, homes.get(uuid))
    // After the ports, whose addresses a new pool leaves out all at once.
    for (const [id, before] of pools) if (poolsOf(id) !== before) definePools(id)
    for (const { uuid, row } of switchChanges) if (!row) removeNetwork(uuid)
  }

  /** Of networks that are new, or gone. */
  function strayDhcpOptions(switchChanges: readonly Change<SwitchRow>[]): DhcpOptionsRow[] {
    return switchChanges.flatMap(({ uuid, before, row }) => (before && row ? [] : dhcpOptionsOfNetwork.all(uuid)))
  }

  /** The rows that changed, those that were moved, and those whose addresses mean something else now. */
  function portRows(
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
    for (const uuid of homes.keys()) add(uuid, () => true)
    for (const { networkId, cidr } of readdressed)
      for (const uuid of switches.get(networkId)?.ports ?? [])
        add(uuid, (row) => ipAddressesOf(row).some(([, address]) => contains(cidr, address)))
    return found
  }

  function removeNetwork(id: string): void {
    localnets.delete(id)
    ranges.delete(id)
    networks.remove(id)
  }

  /** From nothing: whatever went wrong before. */
  function rebuild(): void {
    for (const table of Object.keys(indexes)) database.exec(`DELETE FROM ${table}`)
    database.exec('DELETE FROM setting; DELETE FROM taken_number; DELETE FROM free_range')
    held.forget()
    for (const known of [localnets, others, ranges]) known.clear()
    applyAll(everything(northbound))
  }

  function transact(change: () => void): void {
    database.exec('BEGIN')
    try {
      change()
      database.exec('COMMIT')
    } catch (error) {
      database.exec('ROLLBACK')
      throw error
    }
  }

  let failure: Error | undefined
  return {
    database,
    tables,
    get failure() {
      return failure
    },
    apply(changes) {
      try {
        if (failure) transact(rebuild)
        else transact(() => applyAll(changes))
        failure = undefined
      } catch (error) {
        const wasWhole = failure === undefined
        failure = error as Error
        // What is kept beside the tables may be ahead of them.
        if (wasWhole) this.apply(changes)
        else throw error
      }
    },
  }
}

/** Where a row that is no port of a VM is. */
interface Place {
  readonly networkId: string
  readonly fixedIps: readonly FixedIp[]
}

/** Addresses that now belong to another subnet, or to none. */
interface Readdressed {
  readonly networkId: string
  readonly cidr: Cidr
}

interface PortRows {
  readonly before: SwitchPortRow | undefined
  readonly row: SwitchPortRow | undefined
}

function put<Row extends { readonly id: string }>(
  writer: Writer<Row>,
  before: Row | undefined,
  after: Row | undefined,
): void {
  if (!after) {
    if (before) writer.remove(before.id)
  } else if (before) writer.update(after)
  else writer.insert(after)
}

const has = (fixedIps: readonly FixedIp[], { subnet_id, ip_address }: FixedIp) =>
  fixedIps.some((fixed) => fixed.subnet_id === subnet_id && fixed.ip_address === ip_address)
