// The netns hypervisor: a guest is a network namespace with real packets and a DHCP client, and no machine to emulate.
import { existsSync } from 'node:fs'
import { editInterface } from '@patchbay/vif-driver/interface-xml.ts'
import { ipBatch, ipBatchForce } from '@patchbay/vif-driver/iproute.ts'
import { HandOverUncertain, type Hypervisor, type NicCounters } from '../hypervisor.ts'
import {
  addNic,
  countersOf,
  type GuestNic,
  type NicMemory,
  namespaceOf,
  planNic,
  readMemory,
  removeNic,
  writeMemory,
} from './guest-nics.ts'
import { endProcesses, startDhcpClient, stopDhcpClient } from './guest-processes.ts'
import { type GuestRecord, openGuestStore } from './guest-store.ts'
import { type Arrival, expectGuest, sendGuest } from './migration-channel.ts'

/** VDSM's bound for an incoming guest. */
const incomingWaitMs = 21_600_000

export function createNetnsHypervisor({ stateDir }: { stateDir: string }): Hypervisor {
  const store = openGuestStore(stateDir)
  const arrivals = new Map<string, Arrival>()
  const exists = (vmId: string) => existsSync(`/run/netns/${namespaceOf(vmId)}`)
  const nicsOf = (record: GuestRecord): GuestNic[] => record.nics.map(({ xml, device }) => planNic(xml, device))
  const filesOf = (vmId: string, { device }: GuestNic) => ({
    log: store.file(vmId, `dhcp-${device}.log`),
    pid: store.file(vmId, `dhcp-${device}.pid`),
  })

  function guest(vmId: string): GuestRecord {
    const record = store.get(vmId)
    if (!record) throw new Error(`there is no guest ${vmId} on this host`)
    return record
  }

  async function create({
    vmId,
    name,
    interfaces,
  }: {
    vmId: string
    name: string
    interfaces: readonly string[]
  }): Promise<void> {
    await destroy(vmId)
    const nics = interfaces.map((xml, index) => ({ device: `eth${index}`, xml }))
    const record: GuestRecord = { vmId, name, running: false, nics }
    const planned = nicsOf(record)
    store.put(record)
    await ipBatch([`netns add ${namespaceOf(vmId)}`])
    for (const nic of planned) await addNic(vmId, nic)
  }

  async function resume(vmId: string, memories: readonly NicMemory[] = []): Promise<void> {
    const record = guest(vmId)
    if (record.running) return
    const nics = nicsOf(record)
    await ipBatch(['link set lo up', ...nics.map(({ device }) => `link set ${device} up`)], {
      netns: namespaceOf(vmId),
    })
    await writeMemory(vmId, memories)
    for (const nic of nics) {
      const address = memories.find(({ device }) => device === nic.device)?.addresses[0]?.split('/')[0]
      await startDhcpClient(vmId, { device: nic.device, hostName: record.name, address }, filesOf(vmId, nic))
    }
    store.put({ ...record, running: true })
  }

  async function pause(vmId: string): Promise<NicMemory[]> {
    const record = guest(vmId)
    const nics = nicsOf(record)
    const memories = await Promise.all(nics.map((nic) => readMemory(vmId, nic)))
    for (const nic of nics) stopDhcpClient(filesOf(vmId, nic))
    await ipBatch(
      nics.map(({ device }) => `link set ${device} down`),
      { netns: namespaceOf(vmId) },
    )
    store.put({ ...record, running: false })
    return memories
  }

  async function destroy(vmId: string): Promise<void> {
    arrivals.get(vmId)?.abort()
    arrivals.delete(vmId)
    const record = store.get(vmId)
    if (exists(vmId)) await endProcesses(vmId)
    // The taps first: a namespace takes its links along only some time after it is gone.
    if (record) for (const nic of nicsOf(record)) await removeNic(nic)
    if (exists(vmId)) await ipBatchForce([`netns del ${namespaceOf(vmId)}`])
    store.remove(vmId)
  }

  return {
    name: 'netns',
    incomingInterfaces: 'at-preparation',
    create,
    resume: (vmId) => resume(vmId),
    pause: async (vmId) => void (await pause(vmId)),
    destroy,

    async attach(vmId, interfaceXml) {
      const record = guest(vmId)
      const nic = planNic(interfaceXml, freeDevice(record))
      store.put({ ...record, nics: [...record.nics, { device: nic.device, xml: interfaceXml }] })
      await addNic(vmId, nic)
      if (record.running) await startDhcpClient(vmId, { device: nic.device, hostName: record.name }, filesOf(vmId, nic))
    },

    async detach(vmId, mac) {
      const record = store.get(vmId)
      const nic = record && nicsOf(record).find((candidate) => candidate.mac === mac)
      if (!record || !nic) return
      stopDhcpClient(filesOf(vmId, nic))
      await removeNic(nic)
      store.put({ ...record, nics: record.nics.filter(({ device }) => device !== nic.device) })
    },

    async interfaces(vmId) {
      const record = guest(vmId)
      return nicsOf(record).map((nic, index) => editInterface(record.nics[index]!.xml, { targetDev: nic.tap }))
    },

    guests: async () => store.ids().filter(exists),

    async nicCounters(vmId) {
      const record = store.get(vmId)
      const counters = record ? nicsOf(record).map(countersOf) : []
      return counters.filter((nic): nic is NicCounters => nic !== undefined)
    },

    async prepareIncoming(incoming) {
      await create(incoming)
      const arrival = await expectGuest((memories) => resume(incoming.vmId, memories), incomingWaitMs)
      arrivals.set(incoming.vmId, arrival)
      return arrival
    },

    async migrate(vmId, destination) {
      const memories = await pause(vmId)
      try {
        await sendGuest(destination, memories)
      } catch (error) {
        if (!(error instanceof HandOverUncertain)) await resume(vmId, memories)
        throw error
      }
      await destroy(vmId)
    },
  }
}

function freeDevice({ nics }: GuestRecord): string {
  const taken = new Set(nics.map(({ device }) => device))
  for (let index = 0; ; index++) if (!taken.has(`eth${index}`)) return `eth${index}`
}
