// What monitors tell (RFC 7047 section 4.1.6 and ovsdb-server(7), 4.1.14), for one row at a time.
import type { Row, RowCodec, WireRow } from '../values/rows.ts'

/** Table → updates of its rows, in parts where there are many. */
export type TableUpdates = Readonly<Record<string, RowUpdates | Iterable<RowUpdates>>>

/** By uuid. */
export type RowUpdates = Readonly<Record<string, RowUpdate | RowUpdate2>>

/** Of `update`: whole rows; `old` has the changed columns only, and is not looked at. */
export interface RowUpdate {
  readonly old?: WireRow
  readonly new?: WireRow
}

/** Of `update2` and `update3`: one of these. */
export interface RowUpdate2 {
  readonly initial?: WireRow
  readonly insert?: WireRow
  readonly modify?: WireRow
  readonly delete?: null
}

/** Each row once. Parts are read as they are asked for. */
export function* eachUpdate(
  updates: RowUpdates | Iterable<RowUpdates>,
): Generator<readonly [uuid: string, update: RowUpdate & RowUpdate2]> {
  const parts = Symbol.iterator in updates ? (updates as Iterable<RowUpdates>) : [updates]
  for (const part of parts) for (const uuid in part) yield [uuid, part[uuid]!]
}

/** A change of a row that is not there: the copy is not the server's, and has to be loaded again. */
export class OutOfStepError extends Error {
  override readonly name = 'OutOfStepError'
}

/** The row after the update; undefined if it is gone. Throws an OutOfStepError. */
export function updateRow(
  codec: RowCodec,
  uuid: string,
  before: Row | undefined,
  update: RowUpdate & RowUpdate2,
): Row | undefined {
  if (update.modify) {
    if (!before) throw new OutOfStepError(`The server changed row ${uuid}, of which it never told.`)
    return codec.change(before, update.modify)
  }
  const whole = update.insert ?? update.initial ?? update.new
  return whole ? codec.decode(uuid, whole) : undefined
}
