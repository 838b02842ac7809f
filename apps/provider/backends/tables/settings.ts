// What is kept besides resources, in SQLite: a key and a value as JSON.
import type { DatabaseSync } from 'node:sqlite'
import type { Settings } from '../backend.ts'

export function createSettings(database: DatabaseSync): Settings {
  const get = database.prepare('SELECT value FROM setting WHERE key = ?')
  const entries = database.prepare('SELECT key, value FROM setting WHERE substr(key, 1, length(?1)) = ?1 ORDER BY key')
  const set = database.prepare('INSERT OR REPLACE INTO setting VALUES (?, ?)')
  const remove = database.prepare('DELETE FROM setting WHERE key = ?')
  return {
    get(key) {
      const found = get.get(key)
      return found && JSON.parse(found.value as string)
    },
    entries: (prefix) =>
      entries.all(prefix).map(({ key, value }) => [key as string, JSON.parse(value as string)] as const),
    set: (key, value) => void set.run(key, JSON.stringify(value)),
    remove: (key) => void remove.run(key),
  }
}
