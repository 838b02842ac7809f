// The agent's parts, built in the order in which they need each other.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseAddress } from '@patchbay/service/options.ts'
import { connectVdsm } from '@patchbay/vdsm-rpc/client.ts'
import { createLocks } from '@patchbay/vif-driver/locks.ts'
import type { Logger } from 'pino'
import type { HostFacts } from './caps/capabilities.ts'
import type { AgentConfig } from './config.ts'
import { createDriverPackages } from './driver-packages/driver-packages.ts'
import { loadDrivers } from './drivers/driver-registry.ts'
import { withInstalledDrivers } from './drivers/installed-drivers.ts'
import { createNicDrivers } from './drivers/nic-drivers.ts'
import { createHookRunner } from './hooks/hook-runner.ts'
import { readOrMakeHostId } from './host-id.ts'
import type { Hypervisor } from './hypervisors/hypervisor.ts'
import { createLibvirtHypervisor } from './hypervisors/libvirt/libvirt-hypervisor.ts'
import { createNetnsHypervisor } from './hypervisors/netns/netns-hypervisor.ts'
import { createDhcpClients } from './network-setup/dhcp-clients.ts'
import { createEngineContact } from './network-setup/engine-contact.ts'
import { createHostNetworks } from './network-setup/host-networks.ts'
import { openNetworkStore } from './network-setup/network-store.ts'
import { createResolver } from './network-setup/resolver.ts'
import { ownApi } from './own-api.ts'
import type { VmRecord } from './vm-records/vm-record.ts'
import { openVmStore, type VmNews } from './vm-records/vm-store.ts'
import { createNicWiring } from './vms/nics/nic-wiring.ts'
import { openSavedVms } from './vms/saving/saved-vms.ts'
import type { VmParts } from './vms/vm-parts.ts'

export type Context = Awaited<ReturnType<typeof createContext>>

export async function createContext(config: AgentConfig, log: Logger) {
  const { runDir, hostName } = config
  const hypervisor = createHypervisor(config, log)
  const hooks = createHookRunner({
    hooksRoot: config.hooksDir,
    hookingPath: join(import.meta.dirname, 'hooking'),
    timeoutMs: config.hookTimeoutMs,
    runDir: config.hookRunDir,
    tmpDir: emptiedDir(join(runDir, 'hook-data')),
    env: { ...process.env, ...ownApi(config) },
    logger: log,
  })
  const entries = withInstalledDrivers(config.drivers, config.installedDriversDir)
  const hostFor = (driver: string, instance?: string) => ({
    hostName,
    instance,
    stateDir: madeDir(join(runDir, 'drivers', driver)),
    callTimeoutMs: config.driverTimeoutMs,
    log: log.child({ driver }),
  })
  const registry = await loadDrivers(entries, config.driversDir, hostFor)
  const vmListeners = new Set<(vm: VmRecord, news: VmNews) => void>()
  const store = openVmStore(join(runDir, 'vms'), (vm, news) => {
    for (const listener of vmListeners) listener(vm, news)
  })
  const packages = createDriverPackages({
    dir: join(config.dataDir, 'driver-packages'),
    registry,
    signers: config.driverSigners,
    hostFor,
    isUsed: (name) => store.all().some(({ nics }) => nics.some((nic) => nic.driver === name)),
    log,
  })
  await packages.start()
  const drivers = createNicDrivers(registry, config.driverTimeoutMs, log)
  const host: HostFacts = {
    hostId: readOrMakeHostId(config.dataDir),
    hostName,
    hypervisor: hypervisor.name,
    hooksRoot: config.hooksDir,
  }
  const networkStore = openNetworkStore(runDir, config.dataDir)
  const contact = createEngineContact()
  const resolver = createResolver(config.resolvConf, join(config.dataDir, 'resolv.conf'))
  const dhcp = createDhcpClients(join(runDir, 'dhcp'), config.resolvConf)
  const networks = createHostNetworks({
    store: networkStore,
    hooks,
    contact,
    dhcp,
    resolver,
    log,
  })
  const parts: VmParts = {
    store,
    hooks,
    hypervisor,
    wiring: createNicWiring(store, hooks, drivers),
    savedVms: openSavedVms(config.hibernationDir),
    locks: createLocks(),
    hookRunDir: config.hookRunDir,
    async connectPeer(destination) {
      const where = peerAddress(destination, config.listen.port)
      return { client: await connectVdsm({ ...where, tls: config.tls }), host: where.host }
    },
    log,
  }
  return {
    ...parts,
    config,
    host,
    registry,
    packages,
    drivers,
    vmListeners,
    networkStore,
    networks,
    dhcp,
    resolver,
    contact,
  }
}

function createHypervisor(config: AgentConfig, log: Logger): Hypervisor {
  const { hypervisor, runDir, libvirtUri: uri, unplugTimeoutMs, tls } = config
  if (hypervisor === 'netns') return createNetnsHypervisor({ stateDir: join(runDir, 'guests'), tls })
  return createLibvirtHypervisor({ uri, stateDir: join(runDir, 'libvirt'), unplugTimeoutMs, tls, log })
}

/** `host` or `host:port`; all agents of a cluster listen on the same port unless told otherwise. */
function peerAddress(destination: string, defaultPort: number): { host: string; port: number } {
  return parseAddress(destination) ?? { host: destination.replace(/^\[|\]$/g, ''), port: defaultPort }
}

function madeDir(dir: string): string {
  mkdirSync(dir, { recursive: true })
  return dir
}

/** What is in there belongs to operations that an end of the agent cut short. */
function emptiedDir(dir: string): string {
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  return dir
}
