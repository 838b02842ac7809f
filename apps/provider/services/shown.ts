// Rows as answers show them, where that is more than what is kept.
import type { Reader } from '../backends/backend.ts'

/** The same rows, each as `show` has it; the indexes are those of what is kept. */
export function shownRows<Row, Shown>(rows: Reader<Row>, show: (row: Row) => Shown): Reader<Shown> {
  const kept = rows as unknown as Reader<Shown> & { find: (...by: never[]) => Row[] }
  return {
    ...kept,
    get: (id) => {
      const row = rows.get(id)
      return row && show(row)
    },
    find: (attribute, value) => rows.find(attribute as never, value).map(show),
    *all() {
      for (const row of rows.all()) yield show(row)
    },
  }
}
