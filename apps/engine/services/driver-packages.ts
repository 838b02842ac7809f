// Driver packages: taken from publishers who are trusted, attached to providers, and deployed to hosts from there.
import { randomUUID } from 'node:crypto'
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { driverPackageType } from '@patchbay/ovirt-api/types/drivers.ts'
import { openPackage, parseSigners } from '@patchbay/vif-driver/package-file/open-package.ts'
import type { DriverDeployments } from '../drivers/driver-deployment.ts'
import { Fault } from '../faults.ts'
import type { DriverDeployment, DriverPackage, ProviderDriver } from '../store/entities/drivers.ts'
import type { Store } from '../store/store.ts'
import { checkedProperties, existing, referenced } from './names.ts'
import { refuseUsed } from './service.ts'

export type DriverPackageRequest = ResourceOf<typeof driverPackageType>
/** A package as it is attached to a provider. */
export interface AttachedDriver extends DriverPackage {
  readonly options: ProviderDriver['options']
}

export interface DriverPackageService {
  list(): Promise<DriverPackage[]>
  get(id: string): Promise<DriverPackage>
  /** The same package again answers the one that is there. */
  upload(bytes: Buffer): Promise<DriverPackage>
  remove(id: string): Promise<void>
  /** None or one. */
  ofProvider(providerId: string): Promise<AttachedDriver[]>
  /** In the place of what was attached before: that is how a driver is upgraded, and taken back. */
  attach(providerId: string, request: DriverPackageRequest): Promise<AttachedDriver>
  detach(providerId: string, packageId: string): Promise<void>
  deploymentsOnHost(hostId: string): Promise<DriverDeployment[]>
  deploymentsOf(packageId: string): Promise<DriverDeployment[]>
  /** Tries once more what failed on a host. */
  deploy(hostId: string): Promise<void>
}

/** `signers`: PEM with the publishers' public keys; '' where none is trusted. */
export function createDriverPackageService(
  store: Store,
  deployments: DriverDeployments,
  signers: string,
): DriverPackageService {
  const get = (id: string) => existing(store.driverPackages, 'Driver package', id)
  return {
    list: () => store.driverPackages.find({}),
    get,
    async upload(bytes) {
      const row = { id: randomUUID(), size: bytes.length, ...(await describe(bytes, signers)) }
      return store.transaction(async ({ driverPackages, driverPackageContents }) => {
        const { name, version } = row
        const [there] = await driverPackages.find({ name, version })
        if (there?.digest === row.digest) return there
        if (there) throw new Fault('DRIVER_VERSION_EXISTS', { name, version })
        await driverPackages.insert(row)
        await driverPackageContents.insert({ id: row.id, content: bytes.toString('base64') })
        return row
      })
    },
    remove: (id) =>
      store.transaction(async ({ driverPackages, driverPackageContents, providerDrivers, providers }) => {
        await existing(driverPackages, 'Driver package', id)
        const users = await providerDrivers.find({ packageId: id })
        const named = await Promise.all(users.map(async (user) => (await providers.get(user.id))!))
        refuseUsed('remove Driver package', 'provider', named)
        await driverPackageContents.remove(id)
        await driverPackages.remove(id)
      }),
    async ofProvider(providerId) {
      await existing(store.providers, 'Provider', providerId)
      const attached = await store.providerDrivers.get(providerId)
      return attached ? [{ ...(await get(attached.packageId)), options: attached.options }] : []
    },
    async attach(providerId, { id, name, properties }) {
      const action = 'attach Driver package'
      const options = checkedProperties(properties, action)
      return store.transaction(async (tables) => {
        const provider = await existing(tables.providers, 'Provider', providerId)
        const driver = await referenced(tables.driverPackages, 'Driver package', { id, name } as { id: string })
        if (!driver.pluginTypes.includes(provider.pluginType)) {
          const served = driver.pluginTypes.join(', ')
          const { name: provided, pluginType } = provider
          throw new Fault('DRIVER_SERVES_OTHER_PLUGIN_TYPE', { action, served, provider: provided, pluginType })
        }
        const row: ProviderDriver = { id: providerId, packageId: driver.id, options }
        if (!(await tables.providerDrivers.update(providerId, row))) await tables.providerDrivers.insert(row)
        return { ...driver, options }
      })
    },
    async detach(providerId, packageId) {
      await store.transaction(async ({ providerDrivers }) => {
        const attached = await existing(providerDrivers, 'Driver package of the provider', providerId)
        if (attached.packageId !== packageId) throw new Fault('NOT_FOUND', { what: 'Driver package', id: packageId })
        await providerDrivers.remove(providerId)
      })
    },
    async deploymentsOnHost(hostId) {
      await existing(store.hosts, 'Host', hostId)
      return store.driverDeployments.find({ hostId })
    },
    async deploymentsOf(packageId) {
      await get(packageId)
      return store.driverDeployments.find({ packageId })
    },
    async deploy(hostId) {
      await existing(store.hosts, 'Host', hostId)
      deployments.check(hostId)
    },
  }
}

async function describe(bytes: Buffer, signers: string) {
  if (signers === '') throw new Fault('DRIVER_SIGNERS_MISSING')
  try {
    const { manifest, digest, signer } = await openPackage(bytes, parseSigners(signers))
    return { name: manifest.name, version: manifest.version, pluginTypes: manifest.pluginTypes, digest, signer }
  } catch (error) {
    throw new Fault('DRIVER_PACKAGE_REFUSED', { reason: (error as Error).message })
  }
}
