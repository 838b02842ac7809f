// Which drivers the hosts of a cluster must have: those attached to its default provider, and to the providers whose networks it
// uses.
import type { DriverPackage, ProviderDriver } from '../store/entities/drivers.ts'
import type { Tables } from '../store/store.ts'

export interface WantedDriver {
  readonly driver: DriverPackage
  readonly options: ProviderDriver['options']
}

/** By driver name: of several providers with the same driver, the one that was attached first decides. */
export async function wantedDrivers(tables: Tables, clusterId: string): Promise<ReadonlyMap<string, WantedDriver>> {
  const wanted = new Map<string, WantedDriver>()
  const attached = await tables.providerDrivers.find({})
  if (attached.length === 0) return wanted
  const used = new Set((await tables.networkClusters.find({ clusterId })).map(({ networkId }) => networkId))
  const byDefault = (await tables.clusters.get(clusterId))?.defaultProviderId
  for (const { id: providerId, packageId, options } of attached) {
    const isUsed = async () => (await tables.networks.find({ providerId })).some(({ id }) => used.has(id))
    const driver = providerId === byDefault || (await isUsed()) ? await tables.driverPackages.get(packageId) : undefined
    if (driver && !wanted.has(driver.name)) wanted.set(driver.name, { driver, options })
  }
  return wanted
}
