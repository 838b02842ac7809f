// The netns hypervisor: a guest is a network namespace with real packets and a DHCP client, and no machine to emulate.
import { readFile, rename, writeFile } from 'node:fs/promises'
import type { TlsIdentity } from '@patchbay/vdsm-rpc/tls-identity.ts'
import { editInterface, readInterface } from '@patchbay/vif-driver/interface-xml.ts'
import { ipBatch } from '@patchbay/vif-driver/iproute.ts'
import type { Guest, GuestEnd, Hypervisor, MigrationTarget, MigrationWatch, NicCounters } from '../hypervisor.ts'
import { requireTools } from '../required-tools.ts'
import { announceGuest } from './guest-announcement.ts'
import {
  addGuest,
  addNics,
  connectNic,
  countersOf,
  type GuestNic,
  guestExists,
  type NicMemory,
  namespaceOf,
  planNic,
  readMemories,
  removeNics,
  writeMemories,
} from './guest-nics.ts'
import { createGuestProcesses } from './guest-processes.ts'
import { type GuestRecord, openGuestStore } from './guest-store.ts'
import { type Arrival, expectGuest, sendGuest } from './migration-channel.ts'

export interface NetnsOptions {
  readonly stateDir: string
  /** For migration. undefined: plain TCP. */
  readonly tls: TlsIdentity | undefined
}

export function createNetnsHypervisor({ stateDir, tls }: NetnsOptions): Hypervisor {
  requireTools('netns', { ip: 'iproute2', busybox: 'busybox-static', perl: 'perl-base', nsenter: 'util-linux' })
  const store = openGuestStore(stateDir)
  const processes = createGuestProcesses()
  const arrivals = new Map<string, Arrival>()
  const listeners = new Set<(vmId: string, end: GuestEnd) => void>()
  const departures = new Map<string, { cancel(): void; over: Promise<void> }>()
  const nicsOf = (record: GuestRecord): GuestNic[] => record.nics.map(({ xml, device }) => planNic(xml, device))

  function guest(vmId: string): GuestRecord {
    const record = store.get(vmId)
    if (!record) throw new Error(`there is no guest ${vmId} on this host`)
    return record
  }

  function nicWith(vmId: string, mac: string | undefined): GuestNic {
    const nic = nicsOf(guest(vmId)).find((candidate) => candidate.mac === mac)
    if (!nic) throw new Error(`guest ${vmId} has no NIC ${mac}`)
    return nic
  }

  async function create({ vmId, name, interfaces }: Guest): Promise<void> {
    await destroy(vmId)
    const nics = interfaces.map((xml, index) => ({ device: `eth${index}`, xml }))
    const record: GuestRecord = { vmId, name, running: false, nics }
    const planned = nicsOf(record)
    store.put(record)
    await addGuest(vmId, planned)
  }

  /** Recorded as running last, and as paused first: a guest that is recorded as running runs. */
  async function resume(vmId: string, memories = store.get(vmId)?.memories ?? [], hasMoved = false): Promise<void> {
    const record = guest(vmId)
    if (record.running) return
    const nics = nicsOf(record)
    // They are up in a guest that was never paused.
    const links = record.memories ? nics.map(({ device }) => `link set ${device} up`) : []
    await ipBatch(links, { netns: namespaceOf(vmId) })
    await writeMemories(vmId, memories)
    // Before its DHCP clients ask: their answers are to come here.
    if (hasMoved) await announceGuest(vmId, nics)
    // Those of an attempt that was cut short.
    if (record.dhcpClients) await processes.stopDhcpClients(vmId)
    store.change(vmId, (before) => ({ ...before, dhcpClients: true }))
    await startDhcpClients(record, nics, memories)
    store.change(vmId, ({ memories: _used, ...paused }) => ({ ...paused, running: true }))
    const attachedMeanwhile = guest(vmId).nics.filter(({ device }) => !nics.some((nic) => nic.device === device))
    await startDhcpClients(record, attachedMeanwhile)
  }

  async function pause(vmId: string): Promise<readonly NicMemory[]> {
    const record = guest(vmId)
    if (!record.running) return record.memories ?? []
    const memories = await readMemories(vmId, nicsOf(record))
    store.change(vmId, (running) => ({ ...running, running: false, memories }))
    await processes.stopDhcpClients(vmId)
    store.change(vmId, ({ dhcpClients: _stopped, ...rest }) => rest)
    await ipBatch(
      guest(vmId).nics.map(({ device }) => `link set ${device} down`),
      { netns: namespaceOf(vmId) },
    )
    return memories
  }

  async function startDhcpClients(
    { vmId, name }: GuestRecord,
    nics: readonly { readonly device: string }[],
    memories: readonly NicMemory[] = [],
  ): Promise<void> {
    const clients = nics.map(({ device }) => ({
      device,
      address: memories.find((memory) => memory.device === device)?.addresses[0]?.split('/')[0],
      log: store.file(vmId, `dhcp-${device}.log`),
    }))
    await processes.startDhcpClients(vmId, name, clients)
  }

  async function destroy(vmId: string): Promise<void> {
    arrivals.get(vmId)?.abort()
    arrivals.delete(vmId)
    const record = store.get(vmId)
    await processes.endAll(vmId)
    // The NICs first: a namespace takes its links along only some time after it is gone.
    if (record) await removeNics(vmId, nicsOf(record))
    if (guestExists(vmId)) await ipBatch([`netns del ${namespaceOf(vmId)}`])
    store.remove(vmId)
  }

  /** It can be cancelled until the moment of the hand-over, which is soon: each step of the channel is bounded. */
  async function send(vmId: string, destination: MigrationTarget, watch: MigrationWatch, cancelled: AbortSignal) {
    let letGo = false
    const memories = await pause(vmId)
    const letItGo = () => {
      cancelled.throwIfAborted()
      watch.handingOver()
      letGo = true
    }
    try {
      await sendGuest(destination, memories, letItGo, { tls })
    } catch (error) {
      if (!letGo) await resume(vmId)
      throw error
    }
  }

  return {
    name: 'netns',
    incomingInterfaces: 'at-preparation',
    machine: undefined,
    create,
    resume: (vmId) => resume(vmId),
    pause: async (vmId) => void (await pause(vmId)),
    destroy,

    /** There is no system in it that could refuse or take its time. */
    async ask(vmId, what) {
      guest(vmId)
      if (what === 'reboot') {
        await pause(vmId)
        return resume(vmId, [])
      }
      await destroy(vmId)
      for (const tell of listeners) tell(vmId, 'shutdown')
    },

    async save(vmId, memoryFile) {
      const memories = await pause(vmId)
      const macOf = new Map(nicsOf(guest(vmId)).map(({ device, mac }) => [device, mac]))
      const saved: SavedMemory[] = memories.map((memory) => ({ ...memory, mac: macOf.get(memory.device)! }))
      await writeFile(`${memoryFile}.new`, JSON.stringify(saved))
      await rename(`${memoryFile}.new`, memoryFile)
      await destroy(vmId)
    },

    /** Devices are numbered anew when it is made: what they remember follows the MAC. */
    async restore(saved, memoryFile) {
      await create(saved)
      const remembered = JSON.parse(await readFile(memoryFile, 'utf8')) as SavedMemory[]
      const memories = nicsOf(guest(saved.vmId)).flatMap(({ device, mac }) => {
        const found = remembered.find((memory) => memory.mac === mac)
        return found ? [{ device, addresses: found.addresses, routes: found.routes }] : []
      })
      store.change(saved.vmId, (record) => ({ ...record, memories }))
    },

    async attach(vmId, interfaceXml) {
      const nic = planNic(interfaceXml, freeDevice(guest(vmId)))
      store.change(vmId, (record) => ({
        ...record,
        nics: [...record.nics, { device: nic.device, xml: interfaceXml }],
      }))
      await addNics(vmId, [nic])
      if (guest(vmId).running) await startDhcpClients(guest(vmId), [nic])
    },

    async detach(vmId, mac) {
      const record = store.get(vmId)
      const nic = record && nicsOf(record).find((candidate) => candidate.mac === mac)
      if (!nic) return
      await processes.stopDhcpClients(vmId, nic.device)
      await removeNics(vmId, [nic])
      store.settle(vmId, ({ nics, ...rest }) => ({ ...rest, nics: nics.filter(({ device }) => device !== nic.device) }))
    },

    async interfaces(vmId) {
      const record = guest(vmId)
      return nicsOf(record).map((nic, index) => editInterface(record.nics[index]!.xml, { targetDev: nic.tap }))
    },

    guests: async () =>
      store
        .ids()
        .filter(guestExists)
        .map((vmId) => ({ vmId, running: store.get(vmId)?.running ?? false })),

    async nicCounters(vmId) {
      const record = store.get(vmId)
      const counters = record ? nicsOf(record).map(countersOf) : []
      return counters.filter((nic): nic is NicCounters => nic !== undefined)
    },

    async setLink(vmId, mac, up) {
      await ipBatch([`link set ${nicWith(vmId, mac).tap} ${up ? 'up' : 'down'}`])
    },

    async reconnect(vmId, interfaceXml) {
      const { mac } = readInterface(interfaceXml)
      const { device } = nicWith(vmId, mac)
      await connectNic(vmId, planNic(interfaceXml, device))
      store.change(vmId, ({ nics, ...rest }) => ({
        ...rest,
        nics: nics.map((nic) => (nic.device === device ? { device, xml: interfaceXml } : nic)),
      }))
    },

    async prepareIncoming(incoming) {
      await create(incoming)
      const arrival = await expectGuest((memories) => resume(incoming.vmId, memories, true), { tls })
      arrivals.set(incoming.vmId, arrival)
      return { ...arrival, realised: Promise.resolve() }
    },

    async migrate(vmId, destination, watch) {
      const cancelled = new AbortController()
      const sent = send(vmId, destination, watch, cancelled.signal)
      departures.set(vmId, { cancel: () => cancelled.abort(new Error('it was cancelled')), over: sent.catch(() => {}) })
      await sent.finally(() => departures.delete(vmId))
    },

    async cancelMigration(vmId) {
      const departure = departures.get(vmId)
      departure?.cancel()
      await departure?.over
      return 'here'
    },

    // Nothing but the agent ends a namespace.
    onEnd: (listener) => void listeners.add(listener),
    // Each connection reads what is there.
    identityChanged: async () => {},
    close: async () => {},
  }
}

interface SavedMemory extends NicMemory {
  readonly mac: string
}

function freeDevice({ nics }: GuestRecord): string {
  const taken = new Set(nics.map(({ device }) => device))
  for (let index = 0; ; index++) if (!taken.has(`eth${index}`)) return `eth${index}`
}
