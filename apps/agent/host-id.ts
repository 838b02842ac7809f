// The id of this host: made once, kept in a file. Hosts in a laboratory share a machine, so its own id would not do.
import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export function readOrMakeHostId(dataDir: string): string {
  mkdirSync(dataDir, { recursive: true })
  const path = join(dataDir, 'host-id')
  const known = readIfThere(path)
  if (known) return known
  const id = randomUUID()
  // A crash leaves no file, or a whole one.
  writeFileSync(`${path}.new`, `${id}\n`)
  renameSync(`${path}.new`, path)
  return id
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
