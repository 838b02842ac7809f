// What the northbound database says, as resources, in tables in memory.
import type { TableChanges } from '@patchbay/ovsdb/cache/copy.ts'
import type { Change } from '@patchbay/ovsdb/cache/table-copy.ts'
import type { Transaction } from '../../backend.ts'
import { createMemoryTables } from '../../memory/memory-tables.ts'
import type { UndoLog } from '../../memory/undo-log.ts'
import type {
  AclRow,
  DhcpOptionsRow,
  GlobalRow,
  Northbound,
  PortGroupRow,
  SwitchPortRow,
  SwitchRow,
} from '../northbound.ts'
import { readGroup } from '../rows/security-groups/group-rows.ts'
import { type GroupOfName, readRule } from '../rows/security-groups/rule-rows.ts'
import { readSettings } from '../rows/setting-rows.ts'
import { createNetworkFollower } from './follow-networks.ts'
import { createPortFollower } from './follow-ports.ts'
import { createRouterFollower } from './follow-routers.ts'
import { createHeldAddresses } from './held-addresses.ts'
import { changesOf, everything, homesOf } from './mirror-changes.ts'
import { put } from './put.ts'

export interface Mirror {
  readonly tables: Transaction
  /** For changes of the tables that are only tried. */
  readonly undoLog: UndoLog
  /** Why it does not show what the database says. */
  readonly failure: Error | undefined
  /** Takes over what a transaction changed, all of it at once. */
  apply(changes: TableChanges): void
}

export function createMirror(northbound: Northbound, maxMtu: number): Mirror {
  const memory = createMemoryTables()
  const held = createHeldAddresses(memory.tables.numbers)
  const isUp = (portId: string) => northbound.portRowOf(portId)?.up === true
  const tables: Transaction = { ...memory.tables, numbers: held.numbers, isUp }

  const networkRows = createNetworkFollower(northbound, tables, held, maxMtu)
  const routerRows = createRouterFollower(northbound, tables)
  const portRows = createPortFollower(northbound, tables, held, networkRows, routerRows)

  function putSettings({ before, row }: Change<GlobalRow>): void {
    const now = readSettings(row)
    for (const key of readSettings(before).keys()) if (!now.has(key)) tables.settings.remove(key)
    for (const [key, value] of now) tables.settings.set(key, JSON.parse(value))
  }

  function putGroup({ before, row }: Change<PortGroupRow>): void {
    put(tables.securityGroups, before && readGroup(before), row && readGroup(row))
  }

  const groupOf: GroupOfName = (name) => {
    const row = northbound.portGroupsByName.get(name)
    return row && readGroup(row)?.id
  }

  /** After the groups: a rule names its own. */
  function putRule({ uuid, row }: Change<AclRow>): void {
    put(tables.securityGroupRules, tables.securityGroupRules.get(uuid), row && readRule(row, groupOf))
  }

  function applyAll(changes: TableChanges): void {
    for (const change of changesOf<PortGroupRow>(changes, 'Port_Group')) putGroup(change)
    for (const change of changesOf<AclRow>(changes, 'ACL')) putRule(change)
    for (const change of changesOf<GlobalRow>(changes, 'NB_Global')) putSettings(change)
    const switchChanges = changesOf<SwitchRow>(changes, 'Logical_Switch')
    for (const { row } of switchChanges) if (row) networkRows.putNetwork(row)
    const subnetRows = new Map(changesOf<DhcpOptionsRow>(changes, 'DHCP_Options').map(({ uuid, row }) => [uuid, row]))
    for (const row of networkRows.strayDhcpOptions(switchChanges))
      if (!subnetRows.has(row._uuid)) subnetRows.set(row._uuid, row)
    const pools = new Map(Array.from(subnetRows.keys(), (id) => [id, networkRows.poolsOf(id)]))
    const readdressed = [...subnetRows].flatMap(([id, row]) => networkRows.putSubnet(id, row))
    const homes = homesOf(switchChanges, changesOf<SwitchPortRow>(changes, 'Logical_Switch_Port'))
    routerRows.putRouters(changes)
    for (const [uuid, change] of portRows.affected(changes, homes, readdressed))
      portRows.putPort(uuid, change, homes.get(uuid))
    // After the ports, whose addresses a new pool leaves out all at once.
    for (const [id, before] of pools) if (networkRows.poolsOf(id) !== before) networkRows.definePools(id)
    for (const { uuid, row } of switchChanges) if (!row) networkRows.removeNetwork(uuid)
  }

  /** From nothing: whatever went wrong before. */
  function rebuild(): void {
    memory.clear()
    held.forget()
    networkRows.clear()
    portRows.clear()
    applyAll(everything(northbound))
  }

  let failure: Error | undefined
  return {
    tables,
    undoLog: memory.undoLog,
    get failure() {
      return failure
    },
    apply(changes) {
      try {
        if (failure) rebuild()
        else applyAll(changes)
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
