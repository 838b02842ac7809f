// Drivers that are executables and were installed on this host: used because they are there.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { manifestFile } from '@patchbay/vif-driver/exec/driver-package.ts'
import type { DriverEntry } from './driver-registry.ts'

/**
 * What is configured, and each folder below `dir` that has a manifest. An entry with the name of such a folder gives its
 * options.
 */
export function withInstalledDrivers(entries: readonly DriverEntry[], dir: string): DriverEntry[] {
  const installed = foldersIn(dir).filter((name) => existsSync(join(dir, name, manifestFile)))
  const resolved = entries.map((entry) =>
    installed.includes(entry.driver) ? { ...entry, driver: join(dir, entry.driver) } : entry,
  )
  const unnamed = installed
    .map((name) => join(dir, name))
    .filter((path) => !resolved.some(({ driver }) => driver === path))
  return [...resolved, ...unnamed.map((driver) => ({ driver, found: true as const }))]
}

function foldersIn(dir: string): string[] {
  return existsSync(dir)
    ? readdirSync(dir, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
        .map(({ name }) => name)
        .sort()
    : []
}
