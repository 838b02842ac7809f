// The data plane that goes with a `--backend`.

import { UNDERLAY_LINK } from '../hosts/lab-network.ts'
import type { Lab } from '../lab.ts'
import type { DataPlane } from './data-plane.ts'
import { startOvnDataPlane } from './ovn-data-plane.ts'

/** The embedded one: a bridge and VXLAN for each network. Nothing has to run for it. */
const linuxBridges: DataPlane = {
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
