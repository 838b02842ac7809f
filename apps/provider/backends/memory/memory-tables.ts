// All that a backend keeps, in memory: for a backend whose state is elsewhere, and which follows it.
import type { FloatingIp } from '@patchbay/networking-api/resources/floating-ips.ts'
import type { Network } from '@patchbay/networking-api/resources/networks.ts'
import type { Port } from '@patchbay/networking-api/resources/ports.ts'
import type { Router } from '@patchbay/networking-api/resources/routers.ts'
import type { SecurityGroup, SecurityGroupRule } from '@patchbay/networking-api/resources/security-groups.ts'
import type { Subnet } from '@patchbay/networking-api/resources/subnets.ts'
import type { Transaction } from '../backend.ts'
import { indexes } from '../tables/schema.ts'
import { createNumberPools } from './number-pools.ts'
import { createSettings } from './settings.ts'
import { createTable } from './table.ts'
import { createUndoLog, type UndoLog } from './undo-log.ts'

export interface MemoryTables {
  readonly tables: Transaction
  /** Of all that is done through the tables. */
  readonly undoLog: UndoLog
  clear(): void
}

export function createMemoryTables(): MemoryTables {
  const undoLog = createUndoLog()
  const tables = {
    networks: createTable<Network>(indexes.network, undoLog),
    subnets: createTable<Subnet>(indexes.subnet, undoLog),
    ports: createTable<Port>(indexes.port, undoLog),
    securityGroups: createTable<SecurityGroup>(indexes.security_group, undoLog),
    securityGroupRules: createTable<SecurityGroupRule>(indexes.security_group_rule, undoLog),
    routers: createTable<Router>(indexes.router, undoLog),
    floatingIps: createTable<FloatingIp>(indexes.floating_ip, undoLog),
    settings: createSettings(undoLog),
    numbers: createNumberPools(undoLog),
  }
  return {
    tables,
    undoLog,
    clear() {
      for (const table of Object.values(tables)) table.clear()
    },
  }
}
