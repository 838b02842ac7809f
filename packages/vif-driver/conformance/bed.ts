// What a driver's author provides for the suite: hosts with the driver on them, NICs, and ways to look.
import type { Properties, VifDriver } from '../contract.ts'

export interface DriverBed extends AsyncDisposable {
  /** With two of them, migration is checked as well. */
  readonly hosts: readonly BedHost[]
  /** Another NIC of another VM; all are on one network. Its port stays until the bed is disposed of. */
  newNic(): Promise<BedNic>
  /**
   * Whether frames go from the first NIC to the second and back, now: one try, no waiting for better times. Left out
   * for a driver that connects nothing.
   */
  carries?(from: PlacedNic, to: PlacedNic): Promise<boolean>
  /** A NIC whose port the provider does not know. Left out for a driver that asks no provider. */
  strangeNic?(): BedNic
  /** Does the work while the provider cannot be reached. Left out for a driver that asks no provider. */
  withoutProvider?<Result>(work: () => Promise<Result>): Promise<Result>
}

export interface BedHost {
  readonly name: string
  /** Makes the driver, as the agent does when it starts. Called again, it is the driver after a restart. */
  startDriver(): Promise<RunningDriver>
  /** Does the hypervisor's part: makes the interface that the element describes. */
  makeInterface(nic: BedNic, domxml: string): Promise<void>
  /** The interface is gone then. Called only for one that was made. */
  removeInterface(nic: BedNic): Promise<void>
  /**
   * Runs the driver's executable with `verb` as its argument and `request` on its stdin, whatever they are. Left out
   * for a driver that is a module.
   */
  execute?(verb: string, request: string): Promise<{ readonly exitCode: number | undefined; readonly stdout: string }>
  /** What `options` and `host` are in a request to it. */
  readonly requestParts?: { readonly options: unknown; readonly host: { hostName: string; stateDir: string } }
  /** What a driver may have made on this host and what is there now, a line each: links, processes, files, rules … */
  traces(): Promise<readonly string[]>
}

export interface RunningDriver {
  readonly driver: VifDriver
  /** Ends it in the middle of whatever it does, as a crash of the agent would. */
  kill(): Promise<void>
  /** Whether `kill` does so; a driver in the suite's own process cannot be killed. */
  readonly canBeKilled: boolean
}

/** What the agent knows of a NIC before any driver saw it. */
export interface BedNic {
  /** The `<interface>` element as the engine made it. */
  readonly domxml: string
  readonly properties: Properties
}

export interface PlacedNic {
  readonly nic: BedNic
  readonly host: BedHost
}
