// The VIF drivers of this host: loaded from configuration, found by plugin type.
import { isAbsolute, join } from 'node:path'
import { ConfigurationError } from '@patchbay/service/options.ts'
import type { DriverHost, DriverManifest, VifDriver } from '@patchbay/vif-driver/contract.ts'
import { loadDriver } from '@patchbay/vif-driver/load-driver.ts'

export interface DriverEntry {
  /** A folder below the drivers' directory, or the absolute path of a driver's folder or of its `driver.ts`. */
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
  const byName = new Map<string, VifDriver>()
  const byType = new Map<string, VifDriver>()
  for (const driver of drivers) {
    const { name } = driver.manifest
    if (byName.has(name)) throw new ConfigurationError(`drivers: two are called ${name}`)
    byName.set(name, driver)
    for (const type of driver.manifest.pluginTypes) {
      const other = byType.get(type)
      if (other) throw new ConfigurationError(`drivers: ${other.manifest.name} and ${name} both serve ${type}`)
      byType.set(type, driver)
    }
  }
  return {
    drivers,
    manifests: drivers.map(({ manifest }) => manifest),
    byPluginType: (type) => byType.get(type),
    byName: (name) => byName.get(name),
  }
}

async function load(
  { driver: name, options }: DriverEntry,
  driversDir: string,
  hostFor: (name: string) => DriverHost,
): Promise<VifDriver> {
  const path = isAbsolute(name) ? name : join(driversDir, name)
  try {
    return checkedDriver(await loadDriver(path, options, hostFor(name.replaceAll('/', '-'))))
  } catch (error) {
    throw new ConfigurationError(`drivers: ${name}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function checkedDriver(driver: VifDriver): VifDriver {
  const { name, apiVersion, pluginTypes } = driver?.manifest ?? {}
  if (typeof name !== 'string' || !Array.isArray(pluginTypes)) throw new Error('it has no manifest')
  if (apiVersion !== '1.0') throw new Error(`it speaks version ${apiVersion} of the VIF driver API, this host 1.0`)
  for (const verb of ['plug_device', 'unplug_device'] as const)
    if (typeof driver[verb] !== 'function') throw new Error(`it has no ${verb}`)
  return driver
}
