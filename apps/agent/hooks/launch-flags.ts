// Launch flags: how a hook asks for a VM that starts paused. VDSM keeps virDomainCreateFlags of a VM that is starting
// in `<runDir>/<vmId>/launchflags`; hooks read and change them through the functions of `hooking`.

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

export const defaultRunDir = '/run/vdsm'

/** virDomainCreateFlags; 0 (start running) where no file is. Throws if the file holds no number. */
export async function readLaunchFlags(vmId: string, runDir = defaultRunDir): Promise<number> {
  const path = launchFlagsFile(vmId, runDir)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '0'
    throw error
  })
  const firstLine = text.split('\n', 1)[0]!.trim()
  if (!/^\d+$/.test(firstLine)) {
    throw new Error(`${path} must begin with the launch flags as a decimal number, not with "${firstLine}"`)
  }
  return Number(firstLine)
}

export async function writeLaunchFlags(vmId: string, flags: number, runDir = defaultRunDir): Promise<void> {
  const path = launchFlagsFile(vmId, runDir)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, String(flags))
}

/** Removes the file and leaves its folder, where hooks keep markers of their own. */
export async function removeLaunchFlags(vmId: string, runDir = defaultRunDir): Promise<void> {
  await rm(launchFlagsFile(vmId, runDir), { force: true })
}

/** Removes the VM's folder with all that hooks left in it, for when the VM is gone. */
export async function removeHookFolder(vmId: string, runDir = defaultRunDir): Promise<void> {
  await rm(dirname(launchFlagsFile(vmId, runDir)), { recursive: true, force: true })
}

function launchFlagsFile(vmId: string, runDir: string): string {
  if (!/^[\w-]+$/.test(vmId)) throw new TypeError(`"${vmId}" is not a VM id`)
  return join(runDir, vmId, 'launchflags')
}
