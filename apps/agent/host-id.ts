// The id of this host: made once, kept in a file. Hosts in a laboratory share a machine, so its own id would not do.
import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export function readOrMakeHostId(dataDir: string): string {
  mkdirSync(dataDir, { recursive: true })
  const path = join(dataDir, 'host-id')
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    const id = randomUUID()
    writeFileSync(path, `${id}\n`, { flag: 'wx' })
    return id
  }
}
