// /driverpackages, what is attached to providers, and the drivers of hosts. Ours: oVirt deploys one driver alone.
import { driverDeploymentType, driverPackageType, hostDriverType } from '@patchbay/ovirt-api/types/drivers.ts'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import type { AttachedDriver } from '../../services/driver-packages.ts'
import type { HostDriver } from '../../services/hosts/host-drivers.ts'
import type { DriverDeployment, DriverPackage } from '../../store/entities/drivers.ts'
import { one } from '../http/one.ts'
import { registerAction, registerResource } from '../http/resource-routes.ts'

export function registerDriverPackages(
  app: FastifyInstance,
  { driverPackages: packages, hostDrivers }: Pick<Context, 'driverPackages' | 'hostDrivers'>,
): void {
  registerResource(app, {
    type: driverPackageType,
    path: '/driverpackages',
    present: (driver: DriverPackage, href) => ({
      value: presentPackage(driver),
      shown: { links: { deployments: `${href}/deployments` } },
    }),
    list: () => packages.list(),
    get: ({ id }) => packages.get(id!),
    upload: { mostBytes: 64 * 1024 * 1024, take: (bytes) => packages.upload(bytes) },
    remove: ({ id }) => packages.remove(id!),
  })
  registerResource(app, {
    type: driverPackageType,
    path: '/openstacknetworkproviders/:provider/driverpackages',
    present: ({ options, ...driver }: AttachedDriver) => ({
      value: {
        ...presentPackage(driver),
        properties: Object.entries(options).map(([name, value]) => ({ name, value })),
      },
    }),
    list: ({ provider }) => packages.ofProvider(provider!),
    add: (request, { provider }) => packages.attach(provider!, request),
    remove: ({ provider, id }) => packages.detach(provider!, id!),
  })
  registerResource(app, {
    type: driverDeploymentType,
    path: '/driverpackages/:package/deployments',
    present: (deployment: DriverDeployment) => ({ value: presentDeployment(deployment) }),
    list: ({ package: id }) => packages.deploymentsOf(id!),
  })
  registerResource(app, {
    type: driverDeploymentType,
    path: '/hosts/:host/driverdeployments',
    present: (deployment: DriverDeployment) => ({ value: presentDeployment(deployment) }),
    list: ({ host }) => packages.deploymentsOnHost(host!),
  })
  registerResource(app, {
    type: hostDriverType,
    path: '/hosts/:host/drivers',
    present: (driver: HostDriver) => ({ value: presentHostDriver(driver) }),
    list: ({ host }) => hostDrivers.list(host!),
    get: async ({ host, id }) => one(await hostDrivers.list(host!), 'Driver', id!),
  })
  registerAction(app, '/hosts/:id/deploydrivers', ({ id }) => packages.deploy(id!))
}

const presentPackage = ({ name, version, pluginTypes, digest, signer, size }: DriverPackage) => ({
  name,
  version,
  plugin_types: pluginTypes,
  digest,
  signer,
  size,
})

const presentHostDriver = (driver: HostDriver) => ({
  name: driver.name,
  version: driver.version,
  plugin_types: driver.pluginTypes,
  network_types: driver.networkTypes,
  features: driver.features,
  binding_host_id: driver.bindingHostId,
  host: { id: driver.hostId },
})

const presentDeployment = (deployment: DriverDeployment) => ({
  name: deployment.name,
  version: deployment.version,
  driver_package: { id: deployment.packageId },
  host: { id: deployment.hostId },
  status: deployment.status,
  progress: deployment.progress,
  status_detail: deployment.detail || undefined,
})
