// Hot unplug: libvirt only asks the guest to let go of a device. It is gone when the guest has.
import { EventEmitter, once } from 'node:events'
import { noSuchDomain, type Virsh, xmlFile } from '../virsh/virsh.ts'
import type { DomainEvent } from './domain-events.ts'

export interface Unplugs {
  /** Resolves when the guest has no such device, or is gone itself. Throws a plain Error when it keeps it. */
  unplug(vmId: string, device: Removable): Promise<void>
  event(event: DomainEvent): void
}

export interface Removable {
  /** For people. */
  readonly name: string
  /** Its element in the domain; undefined when it is not there. */
  of(domainXml: string): string | undefined
}

/** Should an event have been missed. */
const lookEveryMs = 1_000
/** A guest that is just booting does not hear the first request. */
const askEveryMs = 5_000

export function createUnplugs(virsh: Virsh, timeoutMs: number): Unplugs {
  const news = new EventEmitter().setMaxListeners(0)

  async function unplug(vmId: string, device: Removable): Promise<void> {
    const begun = performance.now()
    let askedAt: number | undefined
    for (;;) {
      const removed = once(news, 'removed', { signal: AbortSignal.timeout(lookEveryMs) }).catch(() => {})
      const xml = await elementOf(vmId, device)
      if (!xml) return
      const now = performance.now()
      if (now > begun + timeoutMs)
        throw new Error(`the guest did not let go of ${device.name} within ${timeoutMs / 1000} s`)
      if (askedAt === undefined || now > askedAt + askEveryMs) {
        await request(vmId, xml, askedAt === undefined)
        askedAt = now
      }
      await removed
    }
  }

  /** undefined when it is not there, or when the guest is not. */
  async function elementOf(vmId: string, device: Removable): Promise<string | undefined> {
    try {
      return device.of(await virsh.call(['dumpxml', vmId]))
    } catch (error) {
      if (noSuchDomain(error)) return undefined
      throw error
    }
  }

  /** Some versions of QEMU refuse a second request while they wait for the guest. */
  async function request(vmId: string, xml: string, isFirst: boolean): Promise<void> {
    await virsh.call(['detach-device', vmId, xmlFile, '--live'], { xml }).catch((error) => {
      if (isFirst && !noSuchDomain(error)) throw error
    })
  }

  return {
    unplug,
    event({ kind }) {
      if (kind === 'device-removed') news.emit('removed')
    },
  }
}
