// The libvirt hypervisor: guests are virtual machines of QEMU, in the care of the host's libvirtd. They are transient
// domains: what the agent knows of a VM is enough to make it again, and nothing of it stays when it ends.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TlsIdentity } from '@patchbay/vdsm-rpc/tls-identity.ts'
import type { Guest, Hypervisor } from '../hypervisor.ts'
import { requireTools } from '../required-tools.ts'
import { createArrivals } from './arrivals.ts'
import { createDepartures } from './departures.ts'
import { createUnplugs } from './device-removal.ts'
import { watchDomainEvents } from './domain-events.ts'
import { provideDummyBridge } from './dummy-bridge.ts'
import { createGuestEnds } from './guest-ends.ts'
import { listGuests } from './guest-list.ts'
import { countersOf, interfacesOf } from './live-domain.ts'
import { alreadyRunning, createVirsh, noSuchDomain, xmlFile } from './virsh.ts'

export interface LibvirtOptions {
  /** Of the host's own libvirtd. */
  readonly uri: string
  /** For what libvirt needs in files; what others may not see lies in folders of its own in it. */
  readonly stateDir: string
  /** How long a guest may keep a NIC that it is to let go of. */
  readonly unplugTimeoutMs: number
  /** For migration. undefined: plain TCP. */
  readonly tls: TlsIdentity | undefined
  readonly log: { warn(fields: object, message: string): void }
}

export function createLibvirtHypervisor(options: LibvirtOptions): Hypervisor {
  const { uri, stateDir, unplugTimeoutMs, tls, log } = options
  requireTools('libvirt', { virsh: 'libvirt-clients', setpriv: 'util-linux', ip: 'iproute2' })
  mkdirSync(stateDir, { recursive: true })
  const virsh = createVirsh(uri, join(stateDir, 'xml'))
  const arrivals = createArrivals()
  const departures = createDepartures(virsh, tls && writePki(join(stateDir, 'pki'), tls))
  const unplugs = createUnplugs(virsh, unplugTimeoutMs)
  const ends = createGuestEnds()

  async function look(): Promise<void> {
    await ends.look(async () => {
      const guests = await listGuests(virsh)
      for (const { name, running } of guests) arrivals.seen(name, running)
      return guests
    })
  }
  const lookAgain = () =>
    void look().catch((error) => log.warn({ err: error }, 'libvirt cannot be asked for its guests'))
  // Also one that was on its way here.
  ends.onEnd((vmId) => arrivals.forget(vmId))
  const events = watchDomainEvents(uri, lookAgain, (event) => {
    arrivals.event(event)
    unplugs.event(event)
    const vmId = ends.event(event)
    if (vmId && event.kind === 'lifecycle' && event.detail === 'Suspended Migrated') departures.stoppedHere(vmId)
    if (event.kind === 'lifecycle' && event.detail.startsWith('Started')) lookAgain()
    if (event.kind === 'lifecycle' && event.detail === 'Started Migrated' && !vmId) turnAway(event.domain)
  })
  /** One that was given up here must not run here: it goes on at its source. */
  function turnAway(name: string): void {
    const turnedAway = listGuests(virsh).then(async (guests) => {
      const guest = guests.find((other) => other.name === name)
      if (guest && arrivals.isUnwelcome(guest.vmId)) await destroy(guest.vmId)
    })
    turnedAway.catch((error) =>
      log.warn({ err: error, guest: name }, 'a guest that was given up cannot be turned away'),
    )
  }
  const looking = setInterval(lookAgain, lookEveryMs).unref()

  async function destroy(vmId: string): Promise<void> {
    arrivals.forget(vmId)
    ends.expect(vmId)
    await virsh.call(['destroy', vmId]).catch((error) => {
      if (!noSuchDomain(error)) throw error
    })
  }

  return {
    name: 'libvirt',
    incomingInterfaces: 'while-sending',

    async create({ vmId, name, interfaces, domainXml }) {
      await destroy(vmId)
      await provideDummyBridge(interfaces)
      ends.begin(vmId, name)
      arrivals.welcome(vmId)
      await virsh.call(['create', '--paused', xmlFile], { xml: domainXml })
    },

    async resume(vmId) {
      await virsh.call(['resume', vmId]).catch((error) => {
        if (!alreadyRunning(error)) throw error
      })
    },

    pause: async (vmId) => void (await virsh.call(['suspend', vmId])),
    destroy,

    async attach(vmId, interfaceXml) {
      await provideDummyBridge([interfaceXml])
      await virsh.call(['attach-device', vmId, xmlFile, '--live'], { xml: interfaceXml })
    },

    detach: (vmId, mac) => unplugs.unplug(vmId, mac),
    setLink: async (vmId, mac, up) => void (await virsh.call(['domif-setlink', vmId, mac, up ? 'up' : 'down'])),
    interfaces: async (vmId) => interfacesOf(await virsh.call(['dumpxml', vmId])),

    async guests() {
      return (await listGuests(virsh)).map(({ vmId, running }) => ({ vmId, running }))
    },

    async nicCounters(vmId) {
      try {
        const both = await virsh.call([`domstats --interface ${vmId}; dumpxml ${vmId}`])
        const end = both.indexOf('<domain')
        return end < 0 ? [] : countersOf(both.slice(0, end), both.slice(end))
      } catch (error) {
        if (noSuchDomain(error)) return []
        throw error
      }
    },

    async prepareIncoming(guest: Guest) {
      await destroy(guest.vmId)
      await provideDummyBridge(guest.interfaces)
      ends.begin(guest.vmId, guest.name)
      return arrivals.expect(guest)
    },

    migrate: departures.send,
    cancelMigration: departures.cancel,
    onEnd: ends.onEnd,

    async close() {
      clearInterval(looking)
      await events.close()
    },
  }
}

/** Should an event have been missed. */
const lookEveryMs = 15_000

/** libvirt finds a client's certificate and key by these names in a folder. */
function writePki(dir: string, { ca, cert, key }: TlsIdentity): string {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const files = { 'cacert.pem': ca, 'clientcert.pem': cert, 'clientkey.pem': key }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text, { mode: 0o600 })
  return dir
}
