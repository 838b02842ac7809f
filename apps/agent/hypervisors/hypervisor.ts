// What a hypervisor is to the agent: it makes guests of domain XML and realises their interfaces as written.
import type { Machine } from './machine.ts'

export interface Hypervisor {
  readonly name: string
  /**
   * Whether the interfaces of an incoming guest exist once `prepareIncoming` resolved (netns), or only when its source
   * has begun to send it (libvirt). NICs are wired at that moment.
   */
  readonly incomingInterfaces: 'at-preparation' | 'while-sending'
  /** undefined: its guests are none. */
  readonly machine: Machine | undefined
  /** Makes the guest with its interfaces, CPUs stopped. A guest that a broken attempt left is replaced. */
  create(guest: Guest): Promise<void>
  resume(vmId: string): Promise<void>
  /**
   * Ends a running guest and keeps its memory in a file, which is whole when this resolves. Rejects with the guest as
   * it was, or stopped.
   */
  save(vmId: string, memoryFile: string): Promise<void>
  /** Like `create`, of a guest that was saved; `resume` lets it go on where it was. */
  restore(guest: Guest, memoryFile: string): Promise<void>
  pause(vmId: string): Promise<void>
  /** Asks the guest itself to end or to start anew, as a power button does. It may take its time, or ignore it. */
  ask(vmId: string, what: 'shutdown' | 'reboot'): Promise<void>
  /** Ends the guest and removes all that `create` and `attach` made. Succeeds when there is none. */
  destroy(vmId: string): Promise<void>
  /** Adds an interface to a guest. `domainXml` is the guest's description with it. */
  attach(vmId: string, interfaceXml: string): Promise<void>
  /** Resolves when the interface with this MAC is gone from the guest. Succeeds when it is not there. */
  detach(vmId: string, mac: string): Promise<void>
  /** Gives the guest's NIC a carrier, or takes it away. */
  setLink(vmId: string, mac: string, up: boolean): Promise<void>
  /** The guest's NIC with the MAC of this element is connected as the element says, its link included. May be repeated. */
  reconnect(vmId: string, interfaceXml: string): Promise<void>
  /** The interfaces as they are realised: with target device and alias. */
  interfaces(vmId: string): Promise<string[]>
  /** The guests that exist. A guest that is being received runs from the moment on that it was handed over. */
  guests(): Promise<{ readonly vmId: string; readonly running: boolean }[]>
  /** Counters of the guest's NICs. Empty when there is no such guest. */
  nicCounters(vmId: string): Promise<NicCounters[]>
  /** Gets ready to receive a guest; its CPUs start here when the source hands over. */
  prepareIncoming(guest: Guest): Promise<IncomingGuest>
  /**
   * Moves a running guest; what is left of it here is to be destroyed then. Calls `handingOver` right before the
   * destination is told to run it. Rejects with the guest running here as before or, when that call was made, stopped
   * or gone here: the destination may run it.
   */
  migrate(vmId: string, destination: MigrationTarget, watch: MigrationWatch): Promise<void>
  /**
   * Stops a move of the guest or its saving, also one that an earlier agent began. Resolves when there is none any more. `here`: the
   * guest is here as before; `unknown`: it was over already, and the destination may run the guest.
   */
  cancelMigration(vmId: string): Promise<'here' | 'unknown'>
  /** Tells when a guest ended by itself or by somebody else's hand, also when that was while nobody could see it. */
  onEnd(listener: (vmId: string, end: GuestEnd) => void): void
  /** The host has another certificate or list of revoked ones: connections that begin now have them. */
  identityChanged(): Promise<void>
  /** Stops looking after the guests, which live on. */
  close(): Promise<void>
}

/** `shutdown`: by the guest itself. `destroyed`: somebody else's command. `lost`: killed, crashed or not known. */
export type GuestEnd = 'shutdown' | 'destroyed' | 'lost'

export interface Guest {
  readonly vmId: string
  readonly name: string
  /** Complete `<interface>` elements. */
  readonly interfaces: readonly string[]
  readonly domainXml: string
}

export interface IncomingGuest {
  /** What the source needs to send the guest here, beside this host's address. 0: the hypervisor's own channel. */
  readonly port: number
  readonly secret: string
  /** Resolves when its interfaces exist; stays open when it does not come. */
  readonly realised: Promise<void>
  /** Resolves when the guest runs here; rejects when it will not. */
  readonly completed: Promise<void>
  /** Gives up waiting. The guest that was prepared stays until it is destroyed. */
  abort(): void
}

export interface MigrationTarget {
  readonly host: string
  readonly port: number
  readonly secret: string
  /** The guest's interfaces as the destination's drivers want them; undefined: as they are here. */
  readonly interfaces?: readonly string[] | undefined
}

export interface MigrationWatch {
  handingOver(): void
  /** Percent of what is to be sent. May go back: a guest that runs changes its memory. */
  progress(percent: number): void
}

/** As the guest sees it: rx is what it received. Bytes. */
export interface NicCounters {
  readonly name: string
  readonly mac: string
  readonly rx: bigint
  readonly tx: bigint
  readonly rxErrors: bigint
  readonly txErrors: bigint
  readonly rxDropped: bigint
  readonly txDropped: bigint
}
