// What the operations on VMs need. Each operation is a file of its own beside this one.

import type { VdsmClient } from '@patchbay/vdsm-rpc/client.ts'
import type { Locks } from '@patchbay/vif-driver/locks.ts'
import type { HookRunner } from '../hooks/hook-runner.ts'
import type { Hypervisor } from '../hypervisors/hypervisor.ts'
import type { NicWiring } from './nic-wiring.ts'
import type { VmStore } from './vm-store.ts'

export interface VmParts {
  readonly store: VmStore
  readonly hooks: HookRunner
  readonly wiring: NicWiring
  readonly hypervisor: Hypervisor
  /** One operation for each VM at a time. */
  readonly locks: Locks
  /** Where launch flags are. */
  readonly hookRunDir: string
  /** Connects to another host's agent, for migration. */
  readonly connectPeer: (destination: string) => Promise<VdsmClient>
  readonly log: Log
}

export interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}
