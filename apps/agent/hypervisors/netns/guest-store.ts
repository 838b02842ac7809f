// What the netns hypervisor remembers of its guests, as libvirt does in /run: guests outlive the agent.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface GuestRecord {
  readonly vmId: string
  readonly name: string
  readonly running: boolean
  readonly nics: readonly { readonly device: string; readonly xml: string }[]
}

export interface GuestStore {
  get(vmId: string): GuestRecord | undefined
  put(record: GuestRecord): void
  remove(vmId: string): void
  ids(): string[]
  /** A file of the guest's own: logs, pid files. Gone with the guest. */
  file(vmId: string, name: string): string
}

export function openGuestStore(dir: string): GuestStore {
  mkdirSync(dir, { recursive: true })
  const file = (vmId: string, name: string) => join(dir, vmId, name)
  return {
    file,
    get(vmId) {
      try {
        return JSON.parse(readFileSync(file(vmId, 'guest.json'), 'utf8')) as GuestRecord
      } catch {
        return undefined
      }
    },
    put(record) {
      mkdirSync(join(dir, record.vmId), { recursive: true })
      const path = file(record.vmId, 'guest.json')
      writeFileSync(`${path}.new`, JSON.stringify(record))
      renameSync(`${path}.new`, path)
    },
    remove: (vmId) => rmSync(join(dir, vmId), { recursive: true, force: true }),
    ids: () => readdirSync(dir),
  }
}
