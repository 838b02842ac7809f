// Rows as answers show them, where that is more than what is kept.
import type { Reader } from '../backends/backend.ts'

/** The same rows, each as `show` has it; the indexes are those of what is kept. */
export function shownRows<Row, Shown>(rows: Reader<Row>, show: (row: Row) => Shown): Reader<Shown> {
  const kept = rows as unknown as Reader<Shown>
  const find = (attribute: string, value: string) => rows.find(attribute as keyof Row & string, value).map(show)
  function* all() {
    for (const row of rows.all()) yield show(row)
  }
  return {
    ...kept,
    get: (id) => {
      const row = rows.get(id)
      return row && show(row)
    },
    find,
    all,
    texts: (attribute, value = '') =>
      (attribute === undefined ? [...all()] : find(attribute, value)).map((row) => JSON.stringify(row)),
  }
}
