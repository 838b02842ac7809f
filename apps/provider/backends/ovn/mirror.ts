// What the northbound database says, as resources: in memory, in the same tables that the embedded backend has on disk.
import { DatabaseSync } from 'node:sqlite'
import { contains, parseAddress, parseCidr } from '@patchbay/networking-api/ip.ts'
import { type Network, networkType } from '@patchbay/networking-api/networks.ts'
import type { FixedIp, Port } from '@patchbay/networking-api/ports.ts'
import type { Subnet } from '@patchbay/networking-api/subnets.ts'
import type { TableChanges } from '@patchbay/ovsdb/cache/copy.ts'
import type { Change } from '@patchbay/ovsdb/cache/table-copy.ts'
import { rangeOf } from '../../services/subnet-addressing.ts'
import type { Transaction, Writer } from '../backend.ts'
import { createNumberPools } from '../embedded/number-pools.ts'
import { indexes, migrate } from '../embedded/schema.ts'
import { createSettings } from '../embedded/settings.ts'
import { createTable } from '../embedded/table.ts'
import { ageOf } from './age.ts'
import { readNetwork } from './network-rows.ts'
import type { DhcpOptionsRow, GlobalRow, Northbound, SwitchPortRow, SwitchRow } from './northbound.ts'
import { inOrder } from './own-attributes.ts'
import { isPortOfVm, networkKey, readPort } from './port-rows.ts'
import { readSettings } from './setting-rows.ts'
import { readSubnet } from './subnet-rows.ts'

export interface Mirror {
  readonly database: DatabaseSync
  readonly tables: Transaction
  /** Takes over what a transaction changed, all of it at once. */
  apply(changes: TableChanges): void
}

export function createMirror({ switches }: Northbound, maxMtu: number): Mirror {
  const database = new DatabaseSync(':memory:')
  migrate(database)
  // Others may give two ports one address, or none.
  database.exec('DROP INDEX port_mac')
  const tables: Transaction = {
    networks: createTable<Network>(database, 'network', indexes.network),
    subnets: createTable<Subnet>(database, 'subnet', indexes.subnet),
    ports: createTable<Port>(database, 'port', indexes.port),
    settings: createSettings(database),
    numbers: createNumberPools(database),
  }
  const { networks, subnets, ports, settings, numbers } = tables

  /** Network → its port on a physical network. */
  const localnets = new Map<string, SwitchPortRow>()

  function putNetwork(row: SwitchRow): void {
    const before = networks.get(row._uuid)
    const subnetIds = before?.subnets ?? subnets.find('network_id', row._uuid).map(({ id }) => id)
    const network = readNetwork(row, localnets.get(row._uuid), maxMtu)
    const after = inOrder(networkType, { ...network, subnets: subnetIds } as Network)
    // Most changes of a switch are those of its ports.
    if (JSON.stringify(before) !== JSON.stringify(after)) put(networks, before, after)
  }

  function putLocalnet(row: SwitchPortRow): void {
    const network = switches.get(networkIdOf(row) ?? '')
    if (!network) return
    localnets.set(network._uuid, row)
    putNetwork(network)
  }

  function putSubnet(id: string, row: DhcpOptionsRow | undefined): void {
    const before = subnets.get(id)
    const after = row && readSubnet(row)
    if (before && !after) numbers.drop(id)
    put(subnets, before, after)
    const network = networks.get((after ?? before)?.network_id ?? '')
    if (!network || network.subnets.includes(id) === (after !== undefined)) return
    const others = network.subnets.filter((other) => other !== id)
    networks.update({ ...network, subnets: after ? [...others, id] : others })
  }

  const poolsOf = (subnetId: string) => JSON.stringify(subnets.get(subnetId)?.allocation_pools)

  function definePools(subnetId: string): void {
    const subnet = subnets.get(subnetId)
    if (subnet) numbers.define(subnetId, subnet.allocation_pools.map(rangeOf))
  }

  function putPort(id: string, row: SwitchPortRow | undefined): void {
    if (row?.type === 'localnet') putLocalnet(row)
    const before = ports.get(id)
    const networkId = row && isPortOfVm(row) ? (before?.network_id ?? networkIdOf(row)) : undefined
    const after =
      networkId === undefined ? undefined : readPort(row!, networkId, (address) => subnetOf(networkId, address))
    for (const fixed of before?.fixed_ips ?? []) if (!has(after, fixed)) release(fixed)
    for (const fixed of after?.fixed_ips ?? [])
      if (!has(before, fixed)) numbers.take(fixed.subnet_id, parseAddress(fixed.ip_address)!.number)
    put(ports, before, after)
  }

  /** Others do not write it to the port: then the switches are asked. */
  function networkIdOf({ _uuid, external_ids }: SwitchPortRow): string | undefined {
    if (external_ids[networkKey] !== undefined) return external_ids[networkKey]
    for (const row of switches.rows()) if (row.ports.includes(_uuid)) return row._uuid
    return undefined
  }

  function subnetOf(networkId: string, text: string): string | undefined {
    const address = parseAddress(text)
    return address && subnets.find('network_id', networkId).find(({ cidr }) => contains(parseCidr(cidr!)!, address))?.id
  }

  function release({ subnet_id, ip_address }: FixedIp): void {
    const pools = subnets.get(subnet_id)?.allocation_pools ?? []
    numbers.release(subnet_id, parseAddress(ip_address)!.number, pools.map(rangeOf))
  }

  function putSettings({ before, row }: Change<GlobalRow>): void {
    const now = readSettings(row)
    for (const key of readSettings(before).keys()) if (!now.has(key)) settings.remove(key)
    for (const [key, value] of now) settings.set(key, JSON.parse(value))
  }

  function applyAll(changes: TableChanges): void {
    for (const change of changesOf<GlobalRow>(changes, 'NB_Global')) putSettings(change)
    const switchChanges = changesOf<SwitchRow>(changes, 'Logical_Switch')
    for (const { row } of switchChanges) if (row) putNetwork(row)
    const subnetChanges = changesOf<DhcpOptionsRow>(changes, 'DHCP_Options')
    const pools = new Map(subnetChanges.map(({ uuid }) => [uuid, poolsOf(uuid)]))
    for (const { uuid, row } of subnetChanges) putSubnet(uuid, row)
    for (const { uuid, row } of changesOf<SwitchPortRow>(changes, 'Logical_Switch_Port')) putPort(uuid, row)
    // After the ports, whose addresses a new pool leaves out all at once.
    for (const [id, before] of pools) if (poolsOf(id) !== before) definePools(id)
    for (const { uuid, row } of switchChanges) {
      if (row) continue
      localnets.delete(uuid)
      networks.remove(uuid)
    }
  }

  return {
    database,
    tables,
    apply(changes) {
      database.exec('BEGIN')
      try {
        applyAll(changes)
        database.exec('COMMIT')
      } catch (error) {
        database.exec('ROLLBACK')
        throw error
      }
    },
  }
}

/** Of one table, the oldest rows first. */
function changesOf<Row extends { readonly external_ids: Readonly<Record<string, string>> }>(
  changes: TableChanges,
  table: string,
): readonly Change<Row>[] {
  const found = (changes.get(table) ?? []) as unknown as readonly Change<Row>[]
  if (found.length < 2) return found
  const aged = found.map((change) => ({ change, age: change.row ? ageOf(change.row.external_ids) : '' }))
  return aged.sort((a, b) => (a.age < b.age ? -1 : a.age > b.age ? 1 : 0)).map(({ change }) => change)
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

const has = (port: Port | undefined, { subnet_id, ip_address }: FixedIp) =>
  port?.fixed_ips.some((fixed) => fixed.subnet_id === subnet_id && fixed.ip_address === ip_address) ?? false
