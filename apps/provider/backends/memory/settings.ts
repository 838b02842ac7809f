// What is kept besides resources, in memory: a key and a value as JSON.
import type { Settings } from '../backend.ts'
import type { UndoLog } from './undo-log.ts'

export interface MemorySettings extends Settings {
  clear(): void
}

export function createSettings(undoLog: UndoLog): MemorySettings {
  const values = new Map<string, string>()

  function replace(key: string, value: string | undefined): void {
    const before = values.get(key)
    exchange(key, value)
    undoLog.note(() => exchange(key, before))
  }

  function exchange(key: string, value: string | undefined): void {
    if (value === undefined) values.delete(key)
    else values.set(key, value)
  }

  return {
    get(key) {
      const value = values.get(key)
      return value === undefined ? undefined : JSON.parse(value)
    },
    entries: (prefix) =>
      [...values]
        .filter(([key]) => key.startsWith(prefix))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => [key, JSON.parse(value)] as const),
    set: (key, value) => replace(key, JSON.stringify(value)),
    remove: (key) => replace(key, undefined),
    clear: () => values.clear(),
  }
}
