// What the agent knows of a VM and its NICs. Written down before each step, so that a restart can finish or undo it.
import type { DriverState } from '@patchbay/vif-driver/contract.ts'

/** VDSM's words. */
export type VmStatus =
  | 'WaitForLaunch'
  | 'Up'
  | 'Paused'
  | 'Powering down'
  | 'Saving State'
  | 'Restoring state'
  | 'Migration Source'
  | 'Migration Destination'
  | 'Down'

export interface NicRecord {
  readonly mac: string
  readonly alias: string
  /** The engine's name of the network. */
  readonly network: string
  /** Custom properties; undefined where the engine sent none: then no device hooks run. */
  readonly custom: Readonly<Record<string, string>> | undefined
  /** The `<interface>` element, as hooks and drivers left it. */
  readonly xml: string
  /** Name of the driver that owns the NIC; undefined where hook scripts or nobody does. */
  readonly driver: string | undefined
  /** What the driver wants to remember. */
  readonly state: DriverState | undefined
  /**
   * `plugging`: begun, to be undone after a crash. `unplugging`: begun, to be finished. `gone`: off its network on this
   * host; kept for the hooks of the VM's end alone.
   */
  readonly step: 'plugging' | 'plugged' | 'unplugging' | 'gone'
}

export interface VmRecord {
  readonly vmId: string
  readonly name: string
  readonly status: VmStatus
  /** VM custom properties. */
  readonly custom: Readonly<Record<string, string>>
  /** The domain without what became of its NICs; `domainOf()` puts both together. */
  readonly xml: string
  readonly nics: readonly NicRecord[]
  /** ms since the epoch. */
  readonly startedAt: number
  /** ms since the epoch: its guest was asked to end then. It may also ignore that. */
  readonly askedToEndAt?: number
  /** Its interfaces exist and are wired: from now on its CPUs may run. */
  readonly launched?: boolean
  /** Where a VM that is being moved goes to: `host:port` of the other agent. */
  readonly destination?: string
  /**
   * `told`: the destination may run the VM. `takingBack`: it did not, and is told to forget it. Absent: it cannot run
   * there.
   */
  readonly handOver?: 'told' | 'takingBack'
  /** The last move from here, or the one that is under way. */
  readonly migration?: MigrationStatus
  readonly exit?: VmExit
}

/** Code 0: under way or done. Else VDSM's code of what it failed with. */
export interface MigrationStatus {
  readonly code: number
  readonly message: string
  /** Percent. */
  readonly progress: number
  /** Somebody wants it to end. */
  readonly cancelled?: boolean
}

/** Why a VM is Down. VDSM: exitCode 0 normal, 1 error; exitReason 1 generic, 4 migrated, 9 domain missing … */
export interface VmExit {
  readonly exitCode: 0 | 1
  readonly exitReason: number
  readonly exitMessage: string
}

export const exitReasons = {
  success: 0,
  generic: 1,
  lostQemu: 2,
  migrated: 4,
  saved: 5,
  adminShutdown: 6,
  userShutdown: 7,
  domainMissing: 9,
} as const

const powerDownMs = 5 * 60_000

/** As VDSM tells it: a running VM whose guest was asked to end is powering down, for five minutes at most. */
export function toldStatus({ status, askedToEndAt = Number.NEGATIVE_INFINITY }: VmRecord, now = Date.now()): VmStatus {
  const isEnding = status === 'Up' && askedToEndAt <= now && now < askedToEndAt + powerDownMs
  return isEnding ? 'Powering down' : status
}

export function nicOf(record: VmRecord, mac: string): NicRecord | undefined {
  return record.nics.find((nic) => nic.mac === mac)
}

/** The record with one NIC added or replaced; without `nic`, removed. */
export function withNic(record: VmRecord, mac: string, nic: NicRecord | undefined): VmRecord {
  const known = record.nics.some((other) => other.mac === mac)
  if (!nic) return { ...record, nics: record.nics.filter((other) => other.mac !== mac) }
  return {
    ...record,
    nics: known ? record.nics.map((other) => (other.mac === mac ? nic : other)) : [...record.nics, nic],
  }
}

/** The record with a NIC at another step. */
export function withStep(record: VmRecord, mac: string, step: NicRecord['step']): VmRecord {
  return { ...record, nics: record.nics.map((nic) => (nic.mac === mac ? { ...nic, step } : nic)) }
}

/** VDSM runs the hooks of a device only where it has custom properties. */
export function hasProperties(custom: NicRecord['custom']): custom is Readonly<Record<string, string>> {
  return custom !== undefined && Object.keys(custom).length > 0
}
