// One row of the mirror, from one state to the next.
import type { Writer } from '../../backend.ts'

export function put<Row extends { readonly id: string }>(
  writer: Writer<Row>,
  before: Row | undefined,
  after: Row | undefined,
): void {
  if (!after) {
    if (before) writer.remove(before.id)
  } else if (before) writer.update(after)
  else writer.insert(after)
}
