// Finds the scripts of a hook point. Looks anew each time: a hook counts from the moment it is installed.

import { createHash } from 'node:crypto'
import { access, constants, readdir, readFile, stat } from 'node:fs/promises'
import { basename, isAbsolute, join } from 'node:path'

/** capabilities.hooks: hook point → script name → sha256 of the script in hex, '' if it may be run but not read. */
export type InstalledHooks = Record<string, Record<string, { checksum: string }>>

/** Paths of the executable files (or links to such) in `<root>/<point>`, in the byte order in which they run. */
export async function hookScripts(root: string, point: string): Promise<string[]> {
  if (isAbsolute(point) || point.split('/').includes('..')) {
    throw new TypeError(`hook point "${point}" must be a folder below ${root}: neither absolute nor with ".."`)
  }
  const names = (await namesIn(join(root, point))).filter((name) => !name.startsWith('.')).sort(byBytes)
  const paths = names.map((name) => join(root, point, name))
  const executable = await Promise.all(paths.map(isExecutableFile))
  return paths.filter((_, index) => executable[index])
}

/** The scripts of every folder below `root` that has any, known hook point or not. */
export async function installedHooks(root: string): Promise<InstalledHooks> {
  const installed: InstalledHooks = {}
  for (const point of (await namesIn(root)).sort(byBytes)) {
    const scripts = await hookScripts(root, point)
    if (scripts.length > 0) installed[point] = await checksums(scripts)
  }
  return installed
}

async function checksums(scripts: string[]): Promise<Record<string, { checksum: string }>> {
  const entries = scripts.map(async (script) => [basename(script), { checksum: await sha256(script) }] as const)
  return Object.fromEntries(await Promise.all(entries))
}

async function sha256(path: string): Promise<string> {
  // A script that went away or is execute-only must not cost the host its capabilities.
  const content = await readFile(path).catch(() => undefined)
  return content ? createHash('sha256').update(content).digest('hex') : ''
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return []
    throw error
  }
}

async function isExecutableFile(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
