// What the operations on VMs need. Each operation is a file of its own beside this one.

import type { VdsmClient } from '@patchbay/vdsm-rpc/client.ts'
import type { Locks } from '@patchbay/vif-driver/locks.ts'
import type { HookRunner } from '../hooks/hook-runner.ts'
import type { Hypervisor } from '../hypervisors/hypervisor.ts'
import type { VmStore } from '../vm-records/vm-store.ts'
import type { NicWiring } from './nics/nic-wiring.ts'
import type { SavedVms } from './saving/saved-vms.ts'

export interface VmParts {
  readonly store: VmStore
  readonly hooks: HookRunner
  readonly wiring: NicWiring
  readonly hypervisor: Hypervisor
  readonly savedVms: SavedVms
  /** One operation for each VM at a time, by its id; for what its CPUs do, by `cpusOf(id)`. */
  readonly locks: Locks
  /** Where launch flags are. */
  readonly hookRunDir: string
  /** Connects to another host's agent, for migration. */
  readonly connectPeer: (destination: string) => Promise<Peer>
  readonly log: Log
}

export interface Peer {
  readonly client: VdsmClient
  /** Where it was reached, without the port. */
  readonly host: string
}

export interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/**
 * Key of the lock under which a VM's CPUs are stopped and started, and under which its end and its move begin. It is
 * not the VM's own lock: a hook script may continue the VM that an operation is about.
 */
export const cpusOf = (vmId: string) => `cpus of ${vmId}`

/** Work that nobody waits for. What fails in it must not end the agent. */
export function inBackground({ log }: VmParts, vmId: string, what: string, work: Promise<unknown>): void {
  work.catch((error) => log.error({ vmId, err: error }, `${what} failed unexpectedly`))
}
