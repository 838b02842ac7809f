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
  const byDefault = (await tables.clusters.get(clusterId))?.defaultProviderId
  for (const { id: providerId, packageId, options } of attached) {
    const isUsed = providerId === byDefault || (await usesNetworkOf(tables, clusterId, providerId))
    const driver = isUsed ? await tables.driverPackages.get(packageId) : undefined
    if (driver && !wanted.has(driver.name)) wanted.set(driver.name, { driver, options })
  }
  return wanted
}

/** One row is enough to know, however many networks there are. */
async function usesNetworkOf({ networkClusters }: Tables, clusterId: string, providerId: string): Promise<boolean> {
  const equals = (value: string) => ({ operator: '=', value }) as const
  const toNetwork = { from: 'networkId', table: 'network', to: 'id' }
  const where = {
    every: [
      { path: { hops: [], column: 'clusterId' }, comparison: equals(clusterId) },
      { path: { hops: [toNetwork], column: 'providerId' }, comparison: equals(providerId) },
    ],
  }
  return (await networkClusters.select({ where, limit: 1 })).length > 0
}
