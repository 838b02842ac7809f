// One NIC on one host, treated as the agent treats it: the verbs in their order, the state kept between them.
import type { DeviceReply, DriverState, Phase, VifDriver } from '../contract.ts'
import type { BedHost, BedNic, PlacedNic } from './bed.ts'

export type Verb = 'plug_device' | 'unplug_device' | 'migration_source' | 'migration_destination'

export interface NicOnHost extends PlacedNic {
  /** The element as the driver left it. */
  readonly domxml: string
  readonly state: DriverState | undefined
  /** One call; a driver without a verb for migration is asked for the other one. */
  call(verb: Verb, phase: Phase, given?: { signal?: AbortSignal; state?: DriverState }): Promise<DeviceReply>
  makeInterface(): Promise<void>
  /** Nothing happens when it is not there. */
  removeInterface(): Promise<void>
  plug(): Promise<void>
  unplug(): Promise<void>
  /** From here on, calls go to this driver. */
  use(driver: VifDriver): void
}

const withoutMigration = { migration_source: 'unplug_device', migration_destination: 'plug_device' } as const
const timeoutMs = 30_000

/** `domxml` is the source's, for a NIC that arrives. */
export function nicOnHost(host: BedHost, driver: VifDriver, nic: BedNic, domxml = nic.domxml): NicOnHost {
  let uses = driver
  let state: DriverState | undefined
  let made = false
  const one: NicOnHost = {
    nic,
    host,
    get domxml() {
      return domxml
    },
    get state() {
      return state
    },
    async call(verb, phase, given = {}) {
      const spoken = uses[verb] ? verb : withoutMigration[verb as keyof typeof withoutMigration]
      const call = { phase, state, signal: AbortSignal.timeout(timeoutMs), ...given }
      const reply = (await uses[spoken]!(domxml, nic.properties, call)) ?? {}
      state = reply.state ?? state
      if (verb === 'plug_device') domxml = reply.domxml ?? domxml
      return reply
    },
    async makeInterface() {
      await host.makeInterface(nic, domxml)
      made = true
    },
    async removeInterface() {
      if (made) await host.removeInterface(nic)
      made = false
    },
    async plug() {
      await one.call('plug_device', 'before')
      await one.makeInterface()
      await one.call('plug_device', 'after')
    },
    async unplug() {
      await one.call('unplug_device', 'before')
      await one.removeInterface()
      await one.call('unplug_device', 'after')
    },
    use(other) {
      uses = other
    },
  }
  return one
}
