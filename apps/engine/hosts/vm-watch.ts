// Waiting for a VM on a host to come into some state: told by the host's events, asked again when none comes.
import { setTimeout as delay } from 'node:timers/promises'
import { VdsmError, vdsmErrors } from '@patchbay/vdsm-rpc/errors.ts'
import { Fault } from '../faults.ts'
import type { HostConnections } from './host-connections.ts'

/** What VM.getStats says of a VM; `gone` when the host knows no such VM. */
export interface VmOnHost {
  /** VDSM's words: Up, Down, WaitForLaunch, Migration Source … */
  readonly status: string
  /** 0: as somebody wanted it. */
  readonly exitCode?: number
  readonly exitReason?: number
  readonly exitMessage?: string
  /** Percent, while it leaves the host. */
  readonly migrationProgress?: number
  /** Percent of one CPU, as texts. */
  readonly cpuUser?: string
  readonly cpuSys?: string
  /** Percent of its memory, as a text. */
  readonly memUsage?: string
  /** Seconds, as a text. */
  readonly elapsedTime?: string
  /** The VM's NICs, by the name of their tap. */
  readonly network?: Readonly<Record<string, NicOnHost>>
  /** What an agent in the guest tells of its interfaces. */
  readonly netIfaces?: readonly GuestInterface[]
}

export type VmReport = VmOnHost & { readonly vmId: string }

/** Counters are texts, since the NIC was plugged. */
export interface NicOnHost {
  readonly macAddr: string
  readonly rx?: string
  readonly tx?: string
  readonly rxErrors?: string
  readonly txErrors?: string
  /** Seconds of the host's own clock. */
  readonly sampleTime?: number
  /** Of a driver with the feature `statistics`: up when it carries frames; down, with what is missing, when it does not. */
  readonly state?: string
  readonly stateDetail?: string
}

export interface GuestInterface {
  readonly name: string
  readonly hw: string
  readonly inet?: readonly string[]
  readonly inet6?: readonly string[]
}

export interface VmWatch {
  /** Asks the host now. Waits for a host that cannot be reached, within `patienceMs`. */
  look(hostId: string, vmId: string, patienceMs?: number): Promise<VmOnHost>
  /** Resolves with what `settled` makes of the VM's state as soon as it makes anything of it. */
  until<Result>(
    hostId: string,
    vmId: string,
    timeoutMs: number,
    settled: (vm: VmOnHost) => Result | undefined,
  ): Promise<Result>
  /** A host told that something about a VM changed. */
  notify(vmId: string): void
}

export const gone: VmOnHost = { status: 'gone' }

const askAgainMs = 1_000

export function createVmWatch(hosts: HostConnections): VmWatch {
  const waiting = new Map<string, Set<() => void>>()

  async function look(hostId: string, vmId: string, patienceMs?: number): Promise<VmOnHost> {
    try {
      const [stats] = (await hosts.callAgain(hostId, 'VM.getStats', { vmID: vmId }, { patienceMs })) as VmOnHost[]
      return stats ?? gone
    } catch (error) {
      if (error instanceof VdsmError && error.code === vdsmErrors.NoSuchVM.code) return gone
      throw error
    }
  }

  function nextNotice(vmId: string): { arrived: Promise<void>; forget: () => void } {
    const { promise, resolve } = Promise.withResolvers<void>()
    const listeners = waiting.get(vmId) ?? new Set()
    waiting.set(vmId, listeners.add(resolve))
    return {
      arrived: promise,
      forget() {
        listeners.delete(resolve)
        if (listeners.size === 0) waiting.delete(vmId)
      },
    }
  }

  return {
    look,
    async until(hostId, vmId, timeoutMs, settled) {
      const deadline = performance.now() + timeoutMs
      for (;;) {
        // Listens before it asks, so that no change falls between.
        const notice = nextNotice(vmId)
        try {
          const vm = await look(hostId, vmId)
          const result = settled(vm)
          if (result !== undefined) return result
          if (performance.now() > deadline)
            throw new Fault('VM_NOT_SETTLED', { status: vm.status, seconds: timeoutMs / 1000 })
          await withinAskAgain(notice.arrived)
        } finally {
          notice.forget()
        }
      }
    },
    notify(vmId) {
      for (const listener of waiting.get(vmId) ?? []) listener()
    },
  }
}

/** Resolves with what is waited for, or when it is time to ask again. */
async function withinAskAgain(arrived: Promise<void>): Promise<void> {
  const timer = new AbortController()
  await Promise.race([arrived, delay(askAgainMs, undefined, { signal: timer.signal }).catch(() => {})])
  timer.abort()
}
