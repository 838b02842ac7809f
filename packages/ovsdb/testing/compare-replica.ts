// Whether a replica is what the server has, and whether it told all changes on the way.
import assert from 'node:assert/strict'
import type { TableChanges } from '../cache/copy.ts'
import type { NorthboundClient } from './northbound.ts'
import { nb } from './northbound.ts'
import { randomTables } from './random-writes.ts'

type TableName = keyof typeof randomTables

/** As much of a replica of these tables as is looked at. */
export interface RandomReplica {
  table(name: TableName): { rows(): Iterable<{ readonly _uuid: string }> }
  onTransaction(listener: (changes: TableChanges) => void): () => void
}

const tableNames = Object.keys(randomTables) as TableName[]

/** Asks the server. With the replica's own client, all that was told before the answer has been applied by then. */
export async function assertSameAsServer(replica: RandomReplica, client: NorthboundClient): Promise<void> {
  for (const name of tableNames) {
    const [{ rows }] = await client.transact([nb.select(name, [])])
    assert.deepEqual(sorted(replica.table(name).rows()), sorted(rows as Iterable<{ _uuid: string }>), name)
  }
}

/** Keeps rows as the changes tell them. Returns what compares these with the replica's own. */
export function keepAccount(replica: RandomReplica): () => void {
  const rows = rowsOf(replica)
  const surprises: unknown[] = []
  replica.onTransaction((changes) => {
    for (const { uuid, before, row } of [...changes.values()].flat()) {
      if (rows.get(uuid) !== before) surprises.push({ uuid, before, known: rows.get(uuid) })
      if (row) rows.set(uuid, row)
      else rows.delete(uuid)
    }
  })
  return () => {
    assert.deepEqual(surprises, [])
    assert.deepEqual(rowsOf(replica), rows)
  }
}

function rowsOf(replica: RandomReplica): Map<string, object> {
  return new Map(tableNames.flatMap((name) => [...replica.table(name).rows()].map((row) => [row._uuid, row] as const)))
}

function sorted<R extends { readonly _uuid: string }>(rows: Iterable<R>): R[] {
  return [...rows].sort((a, b) => (a._uuid < b._uuid ? -1 : 1))
}
