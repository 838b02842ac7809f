// The VIF drivers of this host: loaded from configuration, found by plugin type.
import { existsSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ConfigurationError } from '@patchbay/service/options.ts'
import type { CreateDriver, DriverHost, DriverManifest, VifDriver } from '@patchbay/vif-driver/contract.ts'

export interface DriverEntry {
  /** A folder below the drivers' directory, or the absolute path of a `driver.ts`. */
  readonly driver: string
  readonly options?: unknown
}

export interface DriverRegistry {
  readonly drivers: readonly VifDriver[]
  /** The driver that serves a plugin type. */
  byPluginType(pluginType: string): VifDriver | undefined
  byName(name: string): VifDriver | undefined
  readonly manifests: readonly DriverManifest[]
}

/** Throws a ConfigurationError that names the driver that cannot be used. */
export async function loadDrivers(
  entries: readonly DriverEntry[],
  driversDir: string,
  hostFor: (driverName: string) => DriverHost,
): Promise<DriverRegistry> {
  const drivers: VifDriver[] = []
  for (const entry of entries) drivers.push(await load(entry, driversDir, hostFor))
  const byType = new Map<string, VifDriver>()
  for (const driver of drivers) {
    for (const type of driver.manifest.pluginTypes) {
      const other = byType.get(type)
      if (other)
        throw new ConfigurationError(`drivers ${other.manifest.name} and ${driver.manifest.name} both serve ${type}`)
      byType.set(type, driver)
    }
  }
  return {
    drivers,
    manifests: drivers.map(({ manifest }) => manifest),
    byPluginType: (type) => byType.get(type),
    byName: (name) => drivers.find(({ manifest }) => manifest.name === name),
  }
}

async function load(
  { driver: name, options }: DriverEntry,
  driversDir: string,
  hostFor: (name: string) => DriverHost,
): Promise<VifDriver> {
  const path = isAbsolute(name) ? name : join(driversDir, name, 'driver.ts')
  if (!existsSync(path)) throw new ConfigurationError(`drivers: there is no ${path}`)
  try {
    const { default: create } = (await import(pathToFileURL(path).href)) as { default: CreateDriver }
    return create(options, hostFor(name.replaceAll('/', '-')))
  } catch (error) {
    throw new ConfigurationError(`drivers: ${name}: ${(error as Error).message}`)
  }
}
