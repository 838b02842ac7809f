// Waiting until OVN has wired a port: its flows are in this host's switch, and the guest's end is there.
import { setTimeout as delay } from 'node:timers/promises'
import type { TlsIdentity } from '@patchbay/ovsdb/transport/open-socket.ts'
import type { DriverError } from '@patchbay/vif-driver/driver-error.ts'
import { isRequestedHere, missingAtOvn, missingOnSwitch, notWired } from './missing-step.ts'
import type { Chassis, OpenVswitch, SwitchInterface } from './open-vswitch.ts'
import { askSouthbound, type PortBinding } from './southbound.ts'

export interface WiringPort {
  readonly portId: string
  /** An interface whose link is down has no carrier, and is wired all the same. */
  readonly linkUp: boolean
}

export interface Wiring {
  /** Rejects with a DriverError that names the step that is missing. */
  untilWired(port: WiringPort, signal: AbortSignal): Promise<void>
  /**
   * The same for a VM that arrives, as far as the provider allows it: a port that OVN wants on its old host alone is wired
   * here when the provider says so, after the move. Answers whether it is wired.
   */
  untilWiredIfRequested(port: WiringPort, signal: AbortSignal): Promise<boolean>
}

export interface WiringOptions {
  readonly timeoutMs: number
  readonly tls: TlsIdentity | undefined
}

/** The provider was told long before the guest's interface was made; northd takes some milliseconds to pass it on. */
const requestMs = 200
const pollMs = 20

export function createWiring(vswitch: OpenVswitch, { timeoutMs, tls }: WiringOptions): Wiring {
  async function untilWired({ portId, linkUp }: WiringPort, signal: AbortSignal): Promise<void> {
    const failed = (port: SwitchInterface | undefined) => !port || port.error !== null
    const settled = (port: SwitchInterface | undefined) => failed(port) || isWired(port, linkUp)
    await unlessAborted(vswitch.waitFor(portId, settled, timeoutMs), signal).catch((error) => {
      if (error.name !== 'WaitTimeoutError') throw error
    })
    const port = vswitch.interfaceOf(portId)
    if (!isWired(port, linkUp)) throw await whyNot(portId, port, linkUp)
  }

  async function whyNot(portId: string, port: SwitchInterface | undefined, linkUp: boolean): Promise<DriverError> {
    const onSwitch = missingOnSwitch(port, linkUp)
    if (onSwitch) return notWired(portId, onSwitch)
    const chassis = await vswitch.chassis()
    try {
      return missingAtOvn(portId, await bindingOf(portId, chassis), chassis)
    } catch (error) {
      return notWired(portId, (error as Error).message)
    }
  }

  /** Throws an Error in words where OVN cannot be asked. */
  async function bindingOf(portId: string, { id, southbound }: Chassis): Promise<PortBinding | undefined> {
    if (!id) throw new Error('this host is no chassis: Open_vSwitch external_ids:system-id is missing')
    if (!southbound) throw new Error('this host has no OVN: Open_vSwitch external_ids:ovn-remote is missing')
    return askSouthbound(southbound, tls, portId).catch((error) => {
      throw new Error(`OVN's southbound database: ${(error as Error).message}`)
    })
  }

  /** Where OVN cannot be asked, the wait decides. */
  async function isRequested(portId: string, signal: AbortSignal): Promise<boolean> {
    const deadline = performance.now() + requestMs
    for (;;) {
      signal.throwIfAborted()
      const chassis = await vswitch.chassis()
      const binding = await bindingOf(portId, chassis).catch(() => undefined)
      if (!binding || isRequestedHere(binding, chassis)) return true
      if (performance.now() > deadline) return false
      await delay(pollMs)
    }
  }

  return {
    untilWired,
    async untilWiredIfRequested(port, signal) {
      if (isWired(vswitch.interfaceOf(port.portId), port.linkUp)) return true
      if (!(await isRequested(port.portId, signal))) return false
      await untilWired(port, signal)
      return true
    },
  }
}

/** ovn-installed: ovn-controller has reported the port up, and its flows are in the switch. */
export function isWired(port: SwitchInterface | undefined, linkUp: boolean): boolean {
  return port?.external_ids['ovn-installed'] === 'true' && (!linkUp || port.link_state === 'up')
}

async function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort)
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
