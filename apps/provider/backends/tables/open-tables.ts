// All that a backend keeps, in one SQLite database: on disk it is the embedded backend's state, in memory OVN's mirror.
import type { DatabaseSync } from 'node:sqlite'
import type { FloatingIp } from '@patchbay/networking-api/resources/floating-ips.ts'
import type { Network } from '@patchbay/networking-api/resources/networks.ts'
import type { Port } from '@patchbay/networking-api/resources/ports.ts'
import type { Router } from '@patchbay/networking-api/resources/routers.ts'
import type { SecurityGroup, SecurityGroupRule } from '@patchbay/networking-api/resources/security-groups.ts'
import type { Subnet } from '@patchbay/networking-api/resources/subnets.ts'
import type { Transaction } from '../backend.ts'
import { createNumberPools } from './number-pools.ts'
import { indexes, migrate } from './schema.ts'
import { createSettings } from './settings.ts'
import { createTable } from './table.ts'

/** Brings the database to the newest version first. What is done through the tables is part of its open transaction. */
export function openTables(database: DatabaseSync): Transaction {
  migrate(database)
  return {
    networks: createTable<Network>(database, 'network', indexes.network),
    subnets: createTable<Subnet>(database, 'subnet', indexes.subnet),
    ports: createTable<Port>(database, 'port', indexes.port),
    securityGroups: createTable<SecurityGroup>(database, 'security_group', indexes.security_group),
    securityGroupRules: createTable<SecurityGroupRule>(database, 'security_group_rule', indexes.security_group_rule),
    routers: createTable<Router>(database, 'router', indexes.router),
    floatingIps: createTable<FloatingIp>(database, 'floating_ip', indexes.floating_ip),
    settings: createSettings(database),
    numbers: createNumberPools(database),
  }
}
