// What carries frames between the hosts of a laboratory, and how provider and agents are told of it.

import type { LabHost } from '../hosts/lab-host.ts'
import { UNDERLAY_LINK } from '../hosts/lab-network.ts'
import type { Lab } from '../lab.ts'
import { startOvnDataPlane } from './ovn-data-plane.ts'

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

/** The embedded one: a bridge and VXLAN for each network. Nothing has to run for it. */
export const linuxBridges: DataPlane = {
  name: 'Linux bridges and VXLAN',
  pluginType: 'LINUX_BRIDGE',
  providerOptions: {},
  drivers: (provider) => [{ driver: 'linux-bridge', options: { underlay: UNDERLAY_LINK, provider } }],
  hostLinks: ['lo', UNDERLAY_LINK],
  leftOn: async () => [],
}

/** Makes what carries frames for a `--backend`. */
export async function startDataPlane(lab: Lab, backend: 'embedded' | 'ovn'): Promise<DataPlane> {
  if (backend === 'embedded') return linuxBridges
  return startOvnDataPlane(lab)
}
