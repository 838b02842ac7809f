// What the netns hypervisor remembers of its guests, as libvirt does in /run: guests outlive the agent.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NicMemory } from './guest-nics.ts'

export interface GuestRecord {
  readonly vmId: string
  readonly name: string
  readonly running: boolean
  readonly nics: readonly { readonly device: string; readonly xml: string }[]
  /** There may be some: its DHCP clients were to be started, and have not been stopped since. */
  readonly dhcpClients?: boolean
  /** What a guest that was paused will continue with. */
  readonly memories?: readonly NicMemory[]
}

export interface GuestStore {
  get(vmId: string): GuestRecord | undefined
  put(record: GuestRecord): void
  /** Changes a record that exists. Nothing comes between the reading and the writing. */
  change(vmId: string, change: (record: GuestRecord) => GuestRecord): void
  /** The same for what has ended: a full disk does not keep it from being so. It is written with the next change that can be. */
  settle(vmId: string, change: (record: GuestRecord) => GuestRecord): void
  remove(vmId: string): void
  ids(): string[]
  /** A file of the guest's own. Gone with the guest. */
  file(vmId: string, name: string): string
}

export function openGuestStore(dir: string): GuestStore {
  mkdirSync(dir, { recursive: true })
  const file = (vmId: string, name: string) => join(dir, vmId, name)
  /** Those whose file is older than they are. */
  const unwritten = new Map<string, GuestRecord>()

  function get(vmId: string): GuestRecord | undefined {
    const newer = unwritten.get(vmId)
    if (newer) return newer
    try {
      return JSON.parse(readFileSync(file(vmId, 'guest.json'), 'utf8')) as GuestRecord
    } catch {
      return undefined
    }
  }

  function put(record: GuestRecord): void {
    mkdirSync(join(dir, record.vmId), { recursive: true })
    const path = file(record.vmId, 'guest.json')
    writeFileSync(`${path}.new`, JSON.stringify(record))
    renameSync(`${path}.new`, path)
    unwritten.delete(record.vmId)
  }

  function changed(vmId: string, how: (record: GuestRecord) => GuestRecord): GuestRecord {
    const record = get(vmId)
    if (!record) throw new Error(`there is no guest ${vmId} on this host`)
    return how(record)
  }

  return {
    file,
    get,
    put,
    change: (vmId, how) => put(changed(vmId, how)),
    settle(vmId, how) {
      const record = changed(vmId, how)
      try {
        put(record)
      } catch {
        unwritten.set(vmId, record)
      }
    },
    remove(vmId) {
      rmSync(join(dir, vmId), { recursive: true, force: true })
      unwritten.delete(vmId)
    },
    ids: () => readdirSync(dir),
  }
}
