// What the pages of drivers ask the engine to do.
import { octets, request } from '../engine/request.ts'
import type { Property } from '../form/property-lines.ts'

export const packagesPath = '/driverpackages'

/** The kinds of resources that change with a driver. */
export const driverKinds = ['driver_package', 'driver_deployment', 'openstack_network_provider', 'host', 'event', 'job']

export const uploadPackage = (file: Blob) => octets(packagesPath, file)

export const attachPackage = (provider: string, id: string, options: readonly Property[]) =>
  request('POST', `${provider}${packagesPath}`, { id, properties: { property: options } })

export const deployOn = (hostId: string) => request('POST', `/hosts/${hostId}/deploydrivers`, {})
