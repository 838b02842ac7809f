// The VIF drivers of this host: loaded from configuration, found by plugin type.
import { basename, isAbsolute, join } from 'node:path'
import { ConfigurationError } from '@patchbay/service/options.ts'
import { type DriverHost, type DriverManifest, type VifDriver, verbs } from '@patchbay/vif-driver/contract.ts'
import { loadDriver } from '@patchbay/vif-driver/load-driver.ts'

export interface DriverEntry {
  /** A folder below the drivers' directory, or the absolute path of a driver's folder or of its `driver.ts`. */
  readonly driver: string
  /** Of this use of the driver, where a host uses it for several providers: each has its own options, folder and plugin types. */
  readonly name?: string
  readonly options?: unknown
  /** Nobody asked for it by name: it was found installed, and the agent starts without it when it is broken. */
  readonly found?: true
}

/** A driver that was found installed and cannot be used. */
export interface BrokenDriver {
  readonly driver: string
  readonly reason: string
}

export interface DriverRegistry {
  readonly drivers: readonly VifDriver[]
  /** The driver that serves a plugin type. */
  byPluginType(pluginType: string): VifDriver | undefined
  byName(name: string): VifDriver | undefined
  readonly manifests: readonly DriverManifest[]
  readonly broken: readonly BrokenDriver[]
  /** Throws an Error when another driver serves a plugin type of this one. */
  check(driver: VifDriver): void
  /** Adds a driver, in the place of one with its name. Throws as `check` does. */
  put(driver: VifDriver): void
  remove(name: string): void
}

/** Throws a ConfigurationError that names the configured driver that cannot be used. */
export async function loadDrivers(
  entries: readonly DriverEntry[],
  driversDir: string,
  hostFor: (driverName: string, instance?: string) => DriverHost,
): Promise<DriverRegistry> {
  const broken: BrokenDriver[] = []
  const registry = createRegistry(broken)
  for (const entry of entries) {
    try {
      await add(registry, await load(entry, driversDir, hostFor))
    } catch (error) {
      if (!entry.found) throw error
      const reason = (error as Error).message
      broken.push({ driver: entry.driver, reason })
      hostFor(basename(entry.driver)).log.warn({ reason }, 'an installed driver cannot be used')
    }
  }
  return registry
}

async function add(registry: DriverRegistry, driver: VifDriver): Promise<void> {
  const { name } = driver.manifest
  try {
    if (registry.byName(name)) throw new Error(`two are called ${name}`)
    registry.put(driver)
  } catch (error) {
    await driver[Symbol.asyncDispose]?.()
    throw new ConfigurationError(`drivers: ${(error as Error).message}`)
  }
}

/** Without any driver. */
export function createRegistry(broken: readonly BrokenDriver[] = []): DriverRegistry {
  const byName = new Map<string, VifDriver>()
  const serving = (type: string) => [...byName.values()].find(({ manifest }) => manifest.pluginTypes.includes(type))

  function check({ manifest: { name, pluginTypes } }: VifDriver): void {
    for (const type of pluginTypes) {
      const other = serving(type)?.manifest.name ?? name
      if (other !== name) throw new Error(`${other} and ${name} both serve ${type}`)
    }
  }

  return {
    get drivers() {
      return [...byName.values()]
    },
    get manifests() {
      return [...byName.values()].map(({ manifest }) => manifest)
    },
    broken,
    byPluginType: serving,
    byName: (name) => byName.get(name),
    check,
    put(driver) {
      check(driver)
      byName.set(driver.manifest.name, driver)
    },
    remove: (name) => void byName.delete(name),
  }
}

async function load(
  { driver: name, name: instance, options }: DriverEntry,
  driversDir: string,
  hostFor: (name: string, instance?: string) => DriverHost,
): Promise<VifDriver> {
  const path = isAbsolute(name) ? name : join(driversDir, name)
  try {
    const host = hostFor(instance ?? name.replaceAll('/', '-'), instance)
    const driver = checkedDriver(await loadDriver(path, options, host))
    return instance === undefined ? driver : renamed(driver, instance)
  } catch (error) {
    throw new ConfigurationError(
      `drivers: ${instance ?? name}: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

/** The driver under the name of one use of it, so that NICs know which of them is theirs. */
function renamed(driver: VifDriver, name: string): VifDriver {
  const bound = [...verbs, Symbol.asyncDispose].flatMap((key) => {
    const method = driver[key as keyof VifDriver] as ((...given: unknown[]) => unknown) | undefined
    return method ? [[key, method.bind(driver)] as const] : []
  })
  return { ...(Object.fromEntries(bound) as unknown as VifDriver), manifest: { ...driver.manifest, name } }
}

function checkedDriver(driver: VifDriver): VifDriver {
  const { name, apiVersion, pluginTypes } = driver?.manifest ?? {}
  if (typeof name !== 'string' || !Array.isArray(pluginTypes)) throw new Error('it has no manifest')
  if (apiVersion !== '1.0') throw new Error(`it speaks version ${apiVersion} of the VIF driver API, this host 1.0`)
  for (const verb of ['plug_device', 'unplug_device'] as const)
    if (typeof driver[verb] !== 'function') throw new Error(`it has no ${verb}`)
  return driver
}
