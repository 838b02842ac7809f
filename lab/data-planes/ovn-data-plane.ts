// OVN under a laboratory: its central part on this side of the underlay, a chassis on each host.

import { UNDERLAY_LINK } from '../hosts/lab-network.ts'
import type { Lab } from '../lab.ts'
import { hubNamespace } from '../lab-plan.ts'
import type { DataPlane } from './data-plane.ts'
import { type OvnCentral, startOvnCentral } from './ovn-central.ts'
import { CHASSIS_LINKS, type OvnHost, startOvnHosts } from './ovn-host.ts'

export interface OvnDataPlane extends DataPlane {
  readonly central: OvnCentral
  /** By name. */
  readonly chassis: ReadonlyMap<string, OvnHost>
}

export async function startOvnDataPlane(lab: Lab): Promise<OvnDataPlane> {
  const central = await startOvnCentral(lab)
  const started = await startOvnHosts(hubNamespace(lab.number), lab.hosts, central.southbound)
  const chassis = new Map(lab.hosts.map(({ name }, index) => [name, started[index]!]))
  return {
    central,
    chassis,
    name: 'OVN',
    pluginType: 'OVIRT_PROVIDER_OVN',
    providerOptions: { backend: 'ovn', 'ovn-nb': central.northbound },
    drivers: () => [{ driver: 'ovn' }],
    hostLinks: ['lo', UNDERLAY_LINK, ...CHASSIS_LINKS],
    leftOn: (host) => guestPorts(chassis.get(host.name)!),
  }
}

/** Those of tunnels are OVN's own. */
async function guestPorts({ vsctl }: OvnHost): Promise<string[]> {
  const ports = (await vsctl('list-ports', 'br-int')).split('\n')
  return ports.filter((port) => port !== '' && !port.startsWith('ovn-')).map((port) => `port ${port} of br-int`)
}
