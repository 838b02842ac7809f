// The libvirt hypervisor: guests are virtual machines of QEMU, in the care of the host's libvirtd. They are transient
// domains: what the agent knows of a VM is enough to make it again, and nothing of it stays when it ends.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { TlsIdentity } from '@patchbay/vdsm-rpc/tls-identity.ts'
import type { Guest, Hypervisor } from '../hypervisor.ts'
import { requireTools } from '../required-tools.ts'
import { createDaemonTls } from './daemon-tls.ts'
import { provideDummyBridge } from './dummy-bridge.ts'
import { createArrivals } from './guests/arrivals.ts'
import { createDepartures } from './guests/departures.ts'
import { createUnplugs } from './guests/device-removal.ts'
import { createGuestEnds } from './guests/guest-ends.ts'
import { listGuests } from './guests/guest-list.ts'
import { watchGuests } from './guests/guest-watch.ts'
import { createHibernation } from './guests/hibernation.ts'
import { countersOf, interfacesOf, interfaceWith } from './guests/live-domain.ts'
import type { HypervisorLog } from './hypervisor-log.ts'
import { createLibvirtMachine } from './libvirt-machine.ts'
import { provideNetworkFilter } from './network-filter.ts'
import { alreadyRunning, createVirsh, isAway, noSuchDomain, xmlFile } from './virsh/virsh.ts'

export interface LibvirtOptions {
  /** Of the host's own libvirtd. */
  readonly uri: string
  /** For what libvirt needs in files; what others may not see lies in folders of its own in it. */
  readonly stateDir: string
  /** How long a guest may keep a NIC that it is to let go of. */
  readonly unplugTimeoutMs: number
  /** For migration. undefined: plain TCP. */
  readonly tls: TlsIdentity | undefined
  readonly log: HypervisorLog
}

export function createLibvirtHypervisor(options: LibvirtOptions): Hypervisor {
  const { uri, stateDir, unplugTimeoutMs, tls, log } = options
  requireTools('libvirt', { virsh: 'libvirt-clients', setpriv: 'util-linux', ip: 'iproute2' })
  mkdirSync(stateDir, { recursive: true })
  const virsh = createVirsh(uri, join(stateDir, 'xml'))
  const arrivals = createArrivals()
  const daemonTls = createDaemonTls(join(stateDir, 'pki'), tls, log)
  const departures = createDepartures(virsh, daemonTls)
  const hibernation = createHibernation(virsh)
  const unplugs = createUnplugs(virsh, unplugTimeoutMs)
  const ends = createGuestEnds()
  const watch = watchGuests({ uri, virsh, arrivals, departures, unplugs, ends, log })

  return {
    name: 'libvirt',
    incomingInterfaces: 'while-sending',
    machine: createLibvirtMachine(virsh, unplugs),

    async create({ vmId, name, interfaces, domainXml }) {
      await watch.destroy(vmId)
      await provideDummyBridge(interfaces)
      await provideNetworkFilter(virsh, interfaces)
      ends.begin(vmId, name)
      arrivals.welcome(vmId)
      await virsh.call(['create', '--paused', xmlFile], { xml: domainXml })
    },

    async resume(vmId) {
      await virsh.call(['resume', vmId]).catch((error) => {
        if (!alreadyRunning(error)) throw error
      })
    },

    save: hibernation.save,
    async restore({ vmId, name, interfaces }, memoryFile) {
      await watch.destroy(vmId)
      await provideDummyBridge(interfaces)
      await provideNetworkFilter(virsh, interfaces)
      ends.begin(vmId, name)
      arrivals.welcome(vmId)
      await hibernation.restore(interfaces, memoryFile)
    },

    ask: async (vmId, what) => void (await virsh.call([what, vmId])),
    pause: async (vmId) => void (await virsh.call(['suspend', vmId])),
    destroy: watch.destroy,

    async attach(vmId, interfaceXml) {
      await provideDummyBridge([interfaceXml])
      await provideNetworkFilter(virsh, [interfaceXml])
      await virsh.call(['attach-device', vmId, xmlFile, '--live'], { xml: interfaceXml })
    },

    detach: (vmId, mac) =>
      unplugs.unplug(vmId, { name: `NIC ${mac}`, of: (domainXml) => interfaceWith(domainXml, mac) }),
    setLink: async (vmId, mac, up) => void (await virsh.call(['domif-setlink', vmId, mac, up ? 'up' : 'down'])),
    async reconnect(vmId, interfaceXml) {
      await provideDummyBridge([interfaceXml])
      await provideNetworkFilter(virsh, [interfaceXml])
      await virsh.call(['update-device', vmId, xmlFile, '--live'], { xml: interfaceXml })
    },
    interfaces: async (vmId) => interfacesOf(await virsh.call(['dumpxml', vmId])),

    async guests() {
      return (await listGuests(virsh)).map(({ vmId, running }) => ({ vmId, running }))
    },

    async nicCounters(vmId) {
      try {
        const stats = await virsh.call(['domstats', '--interface', vmId], { patienceMs: 0 })
        return countersOf(stats, await virsh.call(['dumpxml', vmId], { patienceMs: 0 }))
      } catch (error) {
        // Who asks for statistics is not kept waiting for a libvirtd that is away.
        if (noSuchDomain(error) || isAway(error)) return []
        throw error
      }
    },

    async prepareIncoming(guest: Guest) {
      await watch.destroy(guest.vmId)
      await provideDummyBridge(guest.interfaces)
      await provideNetworkFilter(virsh, guest.interfaces)
      ends.begin(guest.vmId, guest.name)
      return arrivals.expect(guest)
    },

    migrate: departures.send,
    cancelMigration: departures.cancel,
    onEnd: ends.onEnd,
    identityChanged: daemonTls.reload,
    async close() {
      await watch.close()
      virsh.close()
    },
  }
}
