// The source's side of a live migration: one `virsh migrate`, peer to peer, which two libvirtd then carry out alone.
import { setTimeout as delay } from 'node:timers/promises'
import { withInterfaces } from '../../../domain-xml/domain.ts'
import type { MigrationTarget, MigrationWatch } from '../../hypervisor.ts'
import type { DaemonTls } from '../daemon-tls.ts'
import { noJob, noSuchDomain, type Virsh, xmlFile } from '../virsh/virsh.ts'
import { listGuests } from './guest-list.ts'

export interface Departures {
  /** See Hypervisor.migrate. */
  send(vmId: string, destination: MigrationTarget, watch: MigrationWatch): Promise<void>
  /** An event: libvirt stopped the guest to hand it over. */
  stoppedHere(vmId: string): void
  /** See Hypervisor.cancelMigration. */
  cancel(vmId: string): Promise<'here' | 'unknown'>
}

const cancelMs = 30_000
const pauseMs = 100

export function createDepartures(virsh: Virsh, tls: DaemonTls): Departures {
  const underWay = new Map<string, Move>()

  async function send(vmId: string, destination: MigrationTarget, watch: MigrationWatch): Promise<void> {
    const move: Move = { handedOver: false, handingOver: watch.handingOver }
    underWay.set(vmId, move)
    try {
      const xml = await destinationXml(vmId, destination)
      const args = [...wayTo(destination.host, tls.pkiDir()), ...(xml ? ['--xml', xmlFile] : []), '--domain', vmId]
      await virsh.migrate(args, { xml }, watch.progress)
    } catch (error) {
      // A libvirtd that was interrupted in the last step leaves the guest stopped, and did not tell.
      if (!(await runs(vmId))) letGo(move)
      // One that was not lets it go on here, although the destination may have it running: never both.
      if (move.handedOver) await stop(vmId)
      throw error
    } finally {
      underWay.delete(vmId)
    }
  }

  /** The domain as libvirt wants it from who changes it on the way. */
  async function destinationXml(vmId: string, { interfaces }: MigrationTarget): Promise<string | undefined> {
    return interfaces && withInterfaces(await virsh.call(['dumpxml', '--migratable', vmId]), interfaces)
  }

  async function stop(vmId: string): Promise<void> {
    await virsh.call(['suspend', vmId]).catch((error) => {
      if (!noSuchDomain(error)) throw error
    })
  }

  async function runs(vmId: string): Promise<boolean> {
    return (await listGuests(virsh)).some((guest) => guest.vmId === vmId && guest.running)
  }

  async function cancel(vmId: string): Promise<'here' | 'unknown'> {
    const deadline = performance.now() + cancelMs
    while (performance.now() < deadline) {
      const aborted = await abortJob(vmId)
      // Its job may not have begun yet.
      if (!aborted && !underWay.has(vmId)) return (await runs(vmId)) ? 'here' : 'unknown'
      await delay(pauseMs)
    }
    throw new Error(`the migration of ${vmId} does not end within ${cancelMs / 1000} s`)
  }

  /** False when there is nothing to abort. */
  async function abortJob(vmId: string): Promise<boolean> {
    try {
      await virsh.call(['domjobabort', vmId])
      return true
    } catch (error) {
      if (noJob(error) || noSuchDomain(error)) return false
      throw error
    }
  }

  return {
    send,
    cancel,
    stoppedHere(vmId) {
      const move = underWay.get(vmId)
      if (move) letGo(move)
    },
  }
}

interface Move {
  handedOver: boolean
  readonly handingOver: () => void
}

function letGo(move: Move): void {
  if (move.handedOver) return
  move.handedOver = true
  move.handingOver()
}

/** Over TLS, the guest's memory goes the way of the commands. Otherwise QEMU sends it by itself. */
function wayTo(host: string, pkiDir: string | undefined): string[] {
  const address = host.includes(':') ? `[${host}]` : host
  const way = pkiDir
    ? ['--tunnelled', '--desturi', `qemu+tls://${address}/system?pkipath=${pkiDir}`]
    : ['--desturi', `qemu+tcp://${address}/system`]
  return ['--live', '--p2p', '--abort-on-error', ...way]
}
