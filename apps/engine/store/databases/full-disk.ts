// Whether a change was refused because there is no space for it.
const sqliteFull = 13
const sqliteIoError = 10
/** disk_full of PostgreSQL. */
const postgresFull = '53100'

/** Writing to a full disk fails as `full` where the file grows, and as an input/output error where its journal does. */
export function isFullDisk(error: unknown): boolean {
  const { errcode = 0, code } = error as { errcode?: number; code?: unknown }
  return [sqliteFull, sqliteIoError].includes(errcode & 0xff) || code === postgresFull
}
