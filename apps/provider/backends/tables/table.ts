// One kind of resource in SQLite: its body as JSON, its indexed attributes as columns beside it.
import type { DatabaseSync } from 'node:sqlite'
import type { Writer } from '../backend.ts'

export function createTable<Row extends { readonly id: string }>(
  database: DatabaseSync,
  name: string,
  indexes: readonly (keyof Row & string)[],
): Writer<Row> {
  const columns = indexes.map((attribute) => `"${attribute}"`)
  const where = (what: string, rest: string) =>
    new Map(
      indexes.map((attribute) => [
        attribute as string,
        database.prepare(`SELECT ${what} FROM ${name} WHERE "${attribute}" = ? ${rest}`),
      ]),
    )
  const statements = {
    get: database.prepare(`SELECT body FROM ${name} WHERE id = ?`),
    all: database.prepare(`SELECT body FROM ${name} ORDER BY sequence`),
    find: where('body', 'ORDER BY sequence'),
    has: where('1', 'LIMIT 1'),
    count: where('count(*) AS count', ''),
    insert: database.prepare(
      `INSERT INTO ${name} (id, body, ${columns}) VALUES (?, ?, ${columns.map(() => '?').join(', ')})`,
    ),
    update: database.prepare(
      `UPDATE ${name} SET body = ?, ${columns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`,
    ),
    remove: database.prepare(`DELETE FROM ${name} WHERE id = ?`),
  }
  const indexed = (row: Row) => indexes.map((attribute) => String(row[attribute] ?? ''))
  return {
    indexes,
    get(id) {
      const found = statements.get.get(id)
      return found && toRow<Row>(found)
    },
    find: (attribute, value) =>
      statements.find
        .get(attribute)!
        .all(value)
        .map(toRow<Row>),
    has: (attribute, value) => statements.has.get(attribute)!.get(value) !== undefined,
    count: (attribute, value) => statements.count.get(attribute)!.get(value)!.count as number,
    *all() {
      for (const found of statements.all.iterate()) yield toRow<Row>(found)
    },
    texts: (attribute, value = '') =>
      (attribute === undefined ? statements.all.all() : statements.find.get(attribute)!.all(value)).map(
        ({ body }) => body as string,
      ),
    insert(row) {
      statements.insert.run(row.id, JSON.stringify(row), ...indexed(row))
    },
    update(row) {
      statements.update.run(JSON.stringify(row), ...indexed(row), row.id)
    },
    remove(id) {
      statements.remove.run(id)
    },
  }
}

const toRow = <Row>(found: Record<string, unknown>) => JSON.parse(found.body as string) as Row
