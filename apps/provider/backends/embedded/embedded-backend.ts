// The embedded backend: all state in one SQLite file, durable before an answer is sent.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Network } from '@patchbay/networking-api/networks.ts'
import type { Port } from '@patchbay/networking-api/ports.ts'
import type { SecurityGroup, SecurityGroupRule } from '@patchbay/networking-api/security-groups.ts'
import type { Subnet } from '@patchbay/networking-api/subnets.ts'
import { ConfigurationError } from '@patchbay/service/options.ts'
import type { Backend, Transaction } from '../backend.ts'
import { createGroupCommit } from './group-commit.ts'
import { createNumberPools } from './number-pools.ts'
import { indexes, migrate } from './schema.ts'
import { createSettings } from './settings.ts'
import { createTable } from './table.ts'

export interface EmbeddedBackendOptions {
  /** Folder of the state; made if missing. */
  readonly dataDir: string
  /** Largest MTU of a port: what the hosts' underlay carries, minus 50 bytes of VXLAN. */
  readonly maxMtu: number
}

export function openEmbeddedBackend({ dataDir, maxMtu }: EmbeddedBackendOptions): Backend {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const database = openDatabase(dataDir)
  const transaction: Transaction = {
    networks: createTable<Network>(database, 'network', indexes.network),
    subnets: createTable<Subnet>(database, 'subnet', indexes.subnet),
    ports: createTable<Port>(database, 'port', indexes.port),
    securityGroups: createTable<SecurityGroup>(database, 'security_group', indexes.security_group),
    securityGroupRules: createTable<SecurityGroupRule>(database, 'security_group_rule', indexes.security_group_rule),
    settings: createSettings(database),
    numbers: createNumberPools(database),
  }
  const commits = createGroupCommit(database)
  return {
    capabilities: {
      networkTypes: ['vxlan'],
      defaultNetworkType: 'vxlan',
      maxMtu,
      ipv6: false,
      routerAdvertisements: false,
      externalNetworks: false,
      securityGroups: false,
      vifType: 'bridge',
      numbersTunnels: true,
      wires: true,
    },
    missing: () => undefined,
    whenReady: async () => {},
    state: transaction,
    write: (change) => commits.write(() => change(transaction)),
    async [Symbol.asyncDispose]() {
      database.close()
    },
  }
}

function openDatabase(dataDir: string): DatabaseSync {
  const database = new DatabaseSync(join(dataDir, 'provider.sqlite'), { timeout: 5_000 })
  try {
    // FULL: a commit is on disk, not only in the kernel's cache, before it is answered.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536')
    // Two providers on one file would hand out the same address: the second must not start.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT')
  } catch (error) {
    if ((error as { errcode?: number }).errcode !== sqliteBusy) throw error
    throw new ConfigurationError(
      `--data-dir: ${dataDir} is in use by another provider. Stop that one, or choose another folder.`,
    )
  }
  migrate(database)
  return database
}

const sqliteBusy = 5
