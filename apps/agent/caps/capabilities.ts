// Host.getCapabilities: what this host is and can do; drivers and hook scripts add to it.
import { cpus, totalmem } from 'node:os'
import type { DriverPackages } from '../driver-packages/driver-packages.ts'
import type { DriverRegistry } from '../drivers/driver-registry.ts'
import type { NicDrivers } from '../drivers/nic-drivers.ts'
import type { HookRunner } from '../hooks/hook-runner.ts'
import { installedHooks } from '../hooks/hook-scripts.ts'
import type { NetworkStore } from '../network-setup/network-store.ts'
import type { Resolver } from '../network-setup/resolver.ts'
import { interfaceTowards, networkCapabilities } from './network-caps.ts'

export interface HostFacts {
  readonly hostId: string
  readonly hostName: string
  readonly hypervisor: string
  readonly hooksRoot: string
}

export interface CapabilitiesParts {
  readonly host: HostFacts
  readonly hooks: HookRunner
  readonly registry: DriverRegistry
  readonly packages: DriverPackages
  readonly drivers: NicDrivers
  readonly networkStore: NetworkStore
  readonly resolver: Resolver
}

/** `client`: address of who asks. What it reaches the host by is added last, as in VDSM. */
export async function getCapabilities(parts: CapabilitiesParts, client: string): Promise<Record<string, unknown>> {
  await parts.hooks.runJson('before_get_caps', {})
  const caps = await parts.drivers.capabilities(await ownCapabilities(parts))
  const hooked = (await parts.hooks.runJson('after_get_caps', caps)) as Record<string, unknown>
  return { ...hooked, lastClientIface: await interfaceTowards(client) }
}

async function ownCapabilities({
  host,
  registry,
  packages,
  networkStore,
  resolver,
}: CapabilitiesParts): Promise<Record<string, unknown>> {
  const [network, hooks] = await Promise.all([
    networkCapabilities(networkStore, resolver),
    installedHooks(host.hooksRoot),
  ])
  return {
    uuid: host.hostId,
    hostName: host.hostName,
    software_version: '4.50',
    supportedENGINEs: ['4.3', '4.4', '4.5'],
    clusterLevels: ['4.3', '4.4', '4.5', '4.6', '4.7', '4.8'],
    kvmEnabled: host.hypervisor === 'libvirt' ? 'true' : 'false',
    hypervisor: host.hypervisor,
    cpuCores: String(cpus().length),
    cpuThreads: String(cpus().length),
    cpuModel: cpus()[0]?.model ?? '',
    memSize: String(Math.floor(totalmem() / 1_048_576)),
    // A driver that knows says otherwise.
    ovnConfigured: false,
    vifDrivers: registry.manifests,
    brokenVifDrivers: registry.broken,
    driverPackages: packages.report(),
    hooks,
    ...network,
  }
}
