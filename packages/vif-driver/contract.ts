// The VIF driver API: the verbs by which a provider's driver connects VM NICs to its networks on a host.
// docs/vif-driver.md is the specification; this file is its TypeScript form.

/** The properties of a NIC, as hook scripts see them in their environment. */
export interface Properties {
  /** Id of the provider's port. */
  readonly vnic_id: string
  /** EXTERNAL_NETWORK or OPENSTACK_NETWORK. */
  readonly provider_type: string
  /** Names the kind of driver that owns the NIC. */
  readonly plugin_type: string
  /** Id of the VM. */
  readonly vmId: string
  /** Custom properties of provider, vNIC profile and VM. */
  readonly [name: string]: string
}

/**
 * Each verb is called twice: `before` the hypervisor does its part and `after` it succeeded. What failed is undone by
 * the inverse verb: a failed plug by unplug_device(after), a failed unplug by plug_device(after), a failed migration by
 * unplug_device(after) on the destination and plug_device(after) on the source.
 */
export type Phase = 'before' | 'after'

/** What a driver wants to remember of a plugged NIC. The host keeps it and hands it back; JSON, at most 64 kB. */
export type DriverState = Readonly<Record<string, unknown>>

export interface Call {
  readonly phase: Phase
  /** What the driver answered last for this NIC on this host. */
  readonly state: DriverState | undefined
  /** Aborted when the time for this call is over. */
  readonly signal: AbortSignal
}

export interface DeviceReply {
  /** The `<interface>` element to use instead. Only asked for in the phase `before` of plug_device. */
  readonly domxml?: string
  readonly state?: DriverState
}

export interface DriverManifest {
  readonly name: string
  readonly version: string
  readonly apiVersion: '1.0'
  /** The values of `plugin_type` this driver serves. */
  readonly pluginTypes: readonly string[]
}

/** `Host.getCapabilities` and VmStats as VDSM shapes them; a driver adds to them what it knows. */
export type Capabilities = Readonly<Record<string, unknown>>
export type VmStats = Readonly<Record<string, unknown>>

/**
 * A driver. A verb rejects with a DriverError when it cannot do its work. Calls for one VM never overlap;
 * calls for different VMs may.
 */
export interface VifDriver {
  readonly manifest: DriverManifest
  plug_device(domxml: string, properties: Properties, call: Call): Promise<DeviceReply>
  unplug_device(domxml: string, properties: Properties, call: Call): Promise<void>
  migration_source?(domxml: string, properties: Properties, call: Call): Promise<void>
  migration_destination?(domxml: string, properties: Properties, call: Call): Promise<DeviceReply>
  get_caps?(caps: Capabilities): Promise<Capabilities>
  /** For each VM with a NIC of this driver; `properties` are that NIC's. */
  get_stats?(stats: VmStats, properties: Properties, state: DriverState | undefined): Promise<VmStats>
  /** Lets go of connections and timers. The agent calls it when it ends in order, and no verb after it. */
  [Symbol.asyncDispose]?(): Promise<void>
}

/** In the order of the specification. */
export const verbs = [
  'plug_device',
  'unplug_device',
  'migration_source',
  'migration_destination',
  'get_caps',
  'get_stats',
] as const satisfies (keyof VifDriver)[]

/** What a driver may know of the host it runs on. */
export interface DriverHost {
  readonly hostName: string
  /** Tells this use of the driver from another one on the host, for another provider; left out where it is the only one. */
  readonly instance?: string | undefined
  /** A folder of the driver's own, emptied by a reboot like the kernel's links are. */
  readonly stateDir: string
  /** How long one call may take; 30 s if left out. */
  readonly callTimeoutMs?: number
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void }
}

/** The default export of a driver's `driver.ts`. `options` are the driver's own, from the host's configuration. */
export type CreateDriver = (options: unknown, host: DriverHost) => VifDriver
