// What carries frames between the hosts of a laboratory, and how provider and agents are told of it.

import type { LabHost } from '../hosts/lab-host.ts'

export interface DataPlane {
  /** For people. */
  readonly name: string
  /** Of the driver, as the engine's provider has it. */
  readonly pluginType: string
  /** More options of the provider, as in its configuration file. */
  readonly providerOptions: object
  /** The drivers of an agent; `provider` is how they reach the provider, where they do. */
  drivers(provider: object): object[]
  /** Links that are on a host before any guest is. */
  readonly hostLinks: readonly string[]
  /** What is left of guests on a host, a line each; empty when there are none. */
  leftOn(host: LabHost): Promise<string[]>
}
