// What is kept of VMs that hibernate: their domain, and the file that the hypervisor keeps their memory in. One state for
// each VM: an older one would not fit its disks any more.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface SavedVm {
  /** The engine's name of the state: `hibernationVolHandle`, `hiberVolHandle`. */
  readonly handle: string
  readonly domainXml: string
}

export interface SavedVms {
  /** Answers where the memory is to go. */
  begin(vmId: string, saved: SavedVm): string
  /** The memory is complete. May be repeated; false when nothing was begun or its memory never was written. */
  complete(vmId: string): boolean
  /** undefined when there is none by that name. */
  read(vmId: string, handle: string): (SavedVm & { readonly memoryFile: string }) | undefined
  /** Also one that was begun only. */
  remove(vmId: string): void
}

/** `dir` may be shared among hosts: a VM is restored where it is found. */
export function openSavedVms(dir: string): SavedVms {
  const whole = (vmId: string) => join(dir, vmId)
  const begun = (vmId: string) => join(dir, `${vmId}.new`)
  return {
    begin(vmId, saved) {
      rmSync(begun(vmId), { recursive: true, force: true })
      mkdirSync(begun(vmId), { recursive: true, mode: 0o700 })
      writeFileSync(join(begun(vmId), 'vm.json'), JSON.stringify(saved))
      return join(begun(vmId), 'memory')
    },
    complete(vmId) {
      if (existsSync(join(begun(vmId), 'memory'))) {
        rmSync(whole(vmId), { recursive: true, force: true })
        renameSync(begun(vmId), whole(vmId))
      }
      return existsSync(whole(vmId))
    },
    read(vmId, handle) {
      try {
        const saved = JSON.parse(readFileSync(join(whole(vmId), 'vm.json'), 'utf8')) as SavedVm
        return saved.handle === handle ? { ...saved, memoryFile: join(whole(vmId), 'memory') } : undefined
      } catch {
        return undefined
      }
    },
    remove(vmId) {
      for (const path of [begun(vmId), whole(vmId)]) rmSync(path, { recursive: true, force: true })
    },
  }
}
