// Memory in place of the disk for what tests write: hundreds of databases commit durably, and would wait for it each time.
import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'

const memory = '/dev/shm'
const tmpfs = 0x01021994
const neededBytes = 2 * 1024 ** 3

export interface ScratchMemory {
  /** For the environment of the tests; empty where there is no such memory. */
  readonly env: Readonly<Record<string, string>>
  free(): void
}

export function takeScratchMemory(): ScratchMemory {
  if (!hasRoom()) return { env: {}, free() {} }
  // A short name: sockets lie below it.
  const folder = mkdtempSync(`${memory}/pb-`)
  // As /tmp itself: databases run as users of their own.
  chmodSync(folder, 0o1777)
  return { env: { TMPDIR: folder }, free: () => rmSync(folder, { recursive: true, force: true }) }
}

function hasRoom(): boolean {
  try {
    const { type, bavail, bsize } = statfsSync(memory)
    return type === tmpfs && bavail * bsize >= neededBytes
  } catch {
    return false
  }
}
