// Driver packages and their deployment: ours, in the style of oVirt's types.
import { choice, int, list, referenceTo, resource, struct, text } from '../element.ts'

export const driverPackageType = resource('driver_package', 'driver_packages', {
  name: text,
  version: text,
  plugin_types: list('plugin_type', text),
  digest: text,
  signer: text,
  size: int,
  /** The driver's own options, where the package is attached to a provider. */
  properties: list('property', struct({ name: text, value: text })),
})

/** What a host says that it has. */
export const hostDriverType = resource('host_driver', 'host_drivers', {
  name: text,
  version: text,
  plugin_types: list('plugin_type', text),
  network_types: list('network_type', text),
  features: list('feature', text),
  binding_host_id: text,
  host: referenceTo('hosts'),
})

export const driverDeploymentType = resource('driver_deployment', 'driver_deployments', {
  name: text,
  version: text,
  driver_package: referenceTo('driverpackages'),
  host: referenceTo('hosts'),
  status: choice('pending', 'installing', 'installed', 'removing', 'failed'),
  progress: int,
  status_detail: text,
})
