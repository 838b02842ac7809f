// What a server says about itself and a database: the Database table of `_Server` (ovsdb-server(5)).
import { parseColumnType } from '../schema/column-type.ts'
import type { TableSchema } from '../schema/database-schema.ts'
import { eachUpdate, type TableUpdates, updateRow } from '../wire/stream/row-updates.ts'
import { type Row, RowCodec } from '../wire/values/rows.ts'

export interface ServerStatus {
  readonly model: 'standalone' | 'clustered' | 'relay'
  /** Of a cluster: in contact with a majority. */
  readonly connected: boolean
  readonly leader: boolean
  /** Of the cluster; null unless clustered. */
  readonly cid: string | null
  /** Of the latest change that the server knows, counted through the cluster; null unless clustered. */
  readonly index: number | null
}

export interface Requirements {
  readonly database: string
  readonly leaderOnly: boolean
  /** What has been seen of the cluster: a server that has not is behind, and would take the replica back in time. */
  readonly seen: { readonly cid: string; readonly index: number } | undefined
}

/** Why not to work with the server; undefined if it is all right. */
export function whyUnsuitable(status: ServerStatus | undefined, wanted: Requirements): string | undefined {
  if (!status) return `has no database ${wanted.database}`
  if (!status.connected) return 'is not in contact with its cluster'
  if (wanted.leaderOnly && !status.leader)
    return status.model === 'relay' ? 'is a relay, which never leads' : 'does not lead its cluster'
  const { seen } = wanted
  if (seen && seen.cid === status.cid && (status.index ?? 0) < seen.index) return 'is behind what its cluster had done'
  return undefined
}

/** Of a server before Open vSwitch 2.9, which has no `_Server`: no clusters, no relays. */
export const statusOfOldServer: ServerStatus = {
  model: 'standalone',
  connected: true,
  leader: true,
  cid: null,
  index: null,
}

/** `monitor_cond` for one row of `_Server`. */
export function monitorStatus(monitorId: string, database: string): readonly unknown[] {
  const request = { columns: codec.columns, where: [['name', '==', database]] }
  return ['_Server', monitorId, { Database: [request] }]
}

/** A copy of that row. */
export class ServerStatusCopy {
  #row: Row | undefined

  apply(updates: TableUpdates): void {
    for (const [uuid, update] of eachUpdate(updates.Database ?? {})) {
      const before = this.#row?._uuid === uuid ? this.#row : undefined
      const after = updateRow(codec, uuid, before, update)
      // A database that was removed and added again has another uuid.
      if (after || before) this.#row = after
    }
  }

  get status(): ServerStatus | undefined {
    if (!this.#row) return undefined
    const { model, connected, leader, cid, index } = this.#row as unknown as ServerStatus
    return { model, connected, leader, cid, index }
  }
}

const optional = (type: string) => parseColumnType({ key: type, min: 0, max: 1 })

const databaseTable: TableSchema = {
  name: 'Database',
  columns: new Map([
    ['model', parseColumnType('string')],
    ['connected', parseColumnType('boolean')],
    ['leader', parseColumnType('boolean')],
    ['cid', optional('uuid')],
    ['index', optional('integer')],
  ]),
}

const codec = new RowCodec(databaseTable, databaseTable.columns.keys())
