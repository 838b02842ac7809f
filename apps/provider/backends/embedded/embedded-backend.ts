// The embedded backend: all state in one SQLite file, durable before an answer is sent.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ConfigurationError } from '@patchbay/service/options.ts'
import type { Backend } from '../backend.ts'
import { openTables } from '../tables/open-tables.ts'
import { createGroupCommit } from './group-commit.ts'

export interface EmbeddedBackendOptions {
  /** Folder of the state; made if missing. */
  readonly dataDir: string
  /** Largest MTU of a port: what the hosts' underlay carries, minus 50 bytes of VXLAN. */
  readonly maxMtu: number
}

export function openEmbeddedBackend({ dataDir, maxMtu }: EmbeddedBackendOptions): Backend {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const database = openDatabase(dataDir)
  const transaction = openTables(database)
  const commits = createGroupCommit(database)
  return {
    capabilities: {
      networkTypes: ['vxlan'],
      defaultNetworkType: 'vxlan',
      maxMtu,
      securityGroups: false,
      portExtras: ['allowed_address_pairs'],
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
  return database
}

const sqliteBusy = 5
