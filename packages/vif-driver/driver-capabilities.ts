// What a driver says of itself and its host in the capabilities, for each of its plugin types (docs/vif-driver.md, CAPS).
import type { Capabilities } from './contract.ts'

/** The words for what a driver may be able to do. */
export const driverFeatures = [
  'allowed-address-pairs',
  'dhcp',
  'dhcpv6',
  'ipv6',
  'migration',
  'mtu',
  'neighbour-answers',
  'port-security',
  'routing',
  'security-groups',
  'statistics',
] as const

export type DriverFeature = (typeof driverFeatures)[number]

/** An entry of `vif_driver_features`. */
export interface DriverAbilities {
  /** Values of `provider:network_type` whose networks it carries. */
  readonly network_types: readonly string[]
  readonly features: readonly DriverFeature[]
}

export interface DriverReport extends DriverAbilities {
  /** By which the provider knows this host; undefined: the driver cannot tell. */
  readonly bindingHostId: string | undefined
}

/** The capabilities with what a driver with these plugin types adds; what others said stays. */
export function withReport(
  caps: Capabilities,
  pluginTypes: readonly string[],
  { bindingHostId, network_types, features }: DriverReport,
): Capabilities {
  const forEach = (key: string, said: unknown) => ({
    [key]: { ...(caps[key] as object | undefined), ...Object.fromEntries(pluginTypes.map((type) => [type, said])) },
  })
  return {
    ...caps,
    ...(bindingHostId !== undefined && forEach('openstack_binding_host_ids', bindingHostId)),
    ...forEach('vif_driver_features', { network_types, features } satisfies DriverAbilities),
  }
}
