// What a backend is: where networks, subnets and ports are kept, and how they are changed.
// A change is a synchronous function of a consistent state; the backend makes its effects durable, all or none.
import type { DhcpOption } from '@patchbay/networking-api/resources/dhcp-options.ts'
import type { FloatingIp } from '@patchbay/networking-api/resources/floating-ips.ts'
import type { Network } from '@patchbay/networking-api/resources/networks.ts'
import type { Port } from '@patchbay/networking-api/resources/ports.ts'
import type { Router } from '@patchbay/networking-api/resources/routers.ts'
import type { SecurityGroup, SecurityGroupRule } from '@patchbay/networking-api/resources/security-groups.ts'
import type { Subnet } from '@patchbay/networking-api/resources/subnets.ts'

export interface Backend extends AsyncDisposable {
  readonly capabilities: Capabilities
  /** What is missing for serving requests; undefined when nothing is. */
  missing(): string | undefined
  /** Resolves when nothing is missing. Waits a little, then throws ServiceUnavailable. */
  whenReady(): Promise<void>
  /** Looks things up in the last committed state. */
  readonly state: State
  /**
   * Runs `change` and resolves with its result once it is durable. What `change` throws undoes all it did and
   * rejects the promise. `change` may be run again, so it must have no other effects.
   */
  write<Result>(change: (transaction: Transaction) => Result): Promise<Result>
}

/** What the data plane behind a backend can do, as data: services ask these, never for the backend's name. */
export interface Capabilities {
  readonly networkTypes: readonly string[]
  /** Type of a network whose creator named none. */
  readonly defaultNetworkType: string
  /** Largest MTU that a port can have, in bytes. */
  readonly maxMtu: number
  readonly securityGroups: boolean
  /** Attributes of ports that not every data plane heeds. Those that are missing here are refused. */
  readonly portExtras?: readonly ('allowed_address_pairs' | 'extra_dhcp_opts')[]
  /** Throws the error that names what of it the data plane cannot send. Missing: it sends whatever it is told. */
  readonly checkDhcpOption?: (option: DhcpOption) => void
  /** `binding:vif_type` of a bound port. */
  readonly vifType: string
  /** Whether tunnels have numbers that are given out here (`provider:segmentation_id`), or none that anybody sees. */
  readonly numbersTunnels: boolean
  /** Whether a port is ACTIVE because hosts say where it is wired, or because the data plane knows. */
  readonly wires: boolean
}

export interface State {
  readonly networks: Reader<Network>
  readonly subnets: Reader<Subnet>
  readonly ports: Reader<Port>
  readonly securityGroups: Reader<SecurityGroup>
  readonly securityGroupRules: Reader<SecurityGroupRule>
  readonly routers: Reader<Router>
  readonly floatingIps: Reader<FloatingIp>
  readonly settings: SettingsReader
  /** Whether a port carries frames, whatever its `admin_state_up`. Only where the data plane knows (no `wires`). */
  isUp?(portId: string): boolean
}

export interface Transaction {
  readonly networks: Writer<Network>
  readonly subnets: Writer<Subnet>
  readonly ports: Writer<Port>
  readonly securityGroups: Writer<SecurityGroup>
  readonly securityGroupRules: Writer<SecurityGroupRule>
  readonly routers: Writer<Router>
  readonly floatingIps: Writer<FloatingIp>
  readonly settings: Settings
  readonly isUp?: State['isUp']
  readonly numbers: NumberPools
}

export interface Reader<Row> {
  /** Attributes that `find` answers in time proportional to its result, the most selective first. */
  readonly indexes: readonly (keyof Row & string)[]
  get(id: string): Row | undefined
  /** Rows whose indexed attribute has this value, oldest first. */
  find(attribute: keyof Row & string, value: string): Row[]
  /** Whether `find` would find anything. */
  has(attribute: keyof Row & string, value: string): boolean
  /** How many rows `find` would find. */
  count(attribute: keyof Row & string, value: string): number
  /** Every row, oldest first. */
  all(): Iterable<Row>
  /** As JSON, the rows that `find` or `all` would give: without the cost of reading them. */
  texts(attribute?: keyof Row & string, value?: string): string[]
}

export interface Writer<Row> extends Reader<Row> {
  insert(row: Row): void
  /** Replaces the row with the same id. */
  update(row: Row): void
  remove(id: string): void
}

/** What is kept besides resources, such as quotas: few and small, so that a backend may keep all of it in memory. */
export interface SettingsReader {
  /** What was set, as JSON keeps it; undefined when nothing is. */
  get(key: string): unknown
  /** Those whose key begins with `prefix`, in the order of their keys. */
  entries(prefix: string): (readonly [key: string, value: unknown])[]
}

export interface Settings extends SettingsReader {
  set(key: string, value: unknown): void
  remove(key: string): void
}

/** Pools of numbers of which each is handed out once: the addresses of a subnet, tunnel ids. Cost is O(log n). */
export interface NumberPools {
  /** (Re)defines the free numbers of a pool as these ranges, minus what is taken. */
  define(pool: string, ranges: readonly Range[]): void
  /** Takes a free number, or answers undefined when the pool is exhausted. */
  takeAny(pool: string): bigint | undefined
  /** Takes this number, in a range or not. False if it is taken. */
  take(pool: string, number: bigint): boolean
  /** Gives a number back; it becomes free again if it lies in `ranges`. */
  release(pool: string, number: bigint, ranges: readonly Range[]): void
  /** Whether any number is taken. */
  inUse(pool: string): boolean
  drop(pool: string): void
}

/** Inclusive. */
export interface Range {
  readonly first: bigint
  readonly last: bigint
}
