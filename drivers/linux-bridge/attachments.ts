// Which ports of which networks are plugged on this host. Kept in memory, and in one small file each for a restart.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AddressPair } from '@patchbay/networking-api/resources/address-pairs.ts'
import type { FixedIp } from '@patchbay/networking-api/resources/ports.ts'

export interface Attachment {
  readonly portId: string
  readonly networkId: string
  readonly mac: string
  readonly fixedIps: readonly FixedIp[]
  /** Missing in what an older driver wrote down. */
  readonly allowedPairs?: readonly Required<AddressPair>[]
  readonly portSecurity: boolean
}

export interface Attachments {
  put(attachment: Attachment): void
  /** Succeeds when there is none. */
  remove(portId: string): void
  get(portId: string): Attachment | undefined
  of(networkId: string): Attachment[]
  all(): Attachment[]
  /** A folder for a network's files. */
  networkDir(networkId: string): string
  removeNetworkDir(networkId: string): void
}

export function openAttachments(stateDir: string): Attachments {
  const portsDir = join(stateDir, 'ports')
  mkdirSync(portsDir, { recursive: true })
  const fileOf = (portId: string) => join(portsDir, `${portId}.json`)
  const networkDir = (networkId: string) => join(stateDir, 'networks', networkId)
  const known = new Map(readAll(portsDir).map((attachment) => [attachment.portId, attachment]))
  return {
    put(attachment) {
      writeWhole(fileOf(attachment.portId), JSON.stringify(attachment))
      known.set(attachment.portId, attachment)
    },
    remove(portId) {
      rmSync(fileOf(portId), { force: true })
      known.delete(portId)
    },
    get: (portId) => known.get(portId),
    of: (networkId) => [...known.values()].filter((attachment) => attachment.networkId === networkId),
    all: () => [...known.values()],
    networkDir(networkId) {
      mkdirSync(networkDir(networkId), { recursive: true })
      return networkDir(networkId)
    },
    removeNetworkDir: (networkId) => rmSync(networkDir(networkId), { recursive: true, force: true }),
  }
}

const beingWritten = '.new'

/** Replaces a file so that readers see the old content or the new, never a part. */
export function writeWhole(path: string, content: string): void {
  writeFileSync(path + beingWritten, content)
  renameSync(path + beingWritten, path)
}

function readAll(dir: string): Attachment[] {
  const files = readdirSync(dir)
  // Whoever wrote these was killed before they counted.
  for (const file of files.filter((name) => name.endsWith(beingWritten))) rmSync(join(dir, file))
  const whole = files.filter((file) => file.endsWith('.json'))
  return whole.map((file) => JSON.parse(readFileSync(join(dir, file), 'utf8')) as Attachment)
}
