// What the driver's things on a host are called. A second instance of the driver, for another provider, has names of its
// own: the ids of two providers may be the same.
import { createHash } from 'node:crypto'

export interface Names {
  readonly table: string
  bridge(networkId: string): string
  vxlan(networkId: string): string
  dhcpLink(networkId: string): string
  dhcpNamespace(networkId: string): string
  /** The same on every host, as a NIC that migrates keeps its element. */
  tap(portId: string): string
}

/**
 * Link names have at most 15 characters: a prefix and the first 11 of the id, as OpenStack does it. For a named instance
 * they are four of its name's digest and the first eight.
 */
export function namesOf(instance?: string): Names {
  const tag = instance === undefined ? '' : createHash('sha256').update(instance).digest('hex').slice(0, 4)
  const cut = (id: string) => (tag === '' ? id.slice(0, 11) : tag + id.slice(0, 8))
  return {
    table: `bridge patchbay-${instance ?? 'linux-bridge'}`,
    bridge: (networkId) => `brx${cut(networkId)}`,
    vxlan: (networkId) => `vxl${cut(networkId)}`,
    dhcpLink: (networkId) => `dhc${cut(networkId)}`,
    dhcpNamespace: (networkId) => `dhcp-${instance === undefined ? '' : `${instance}-`}${networkId}`,
    tap: (portId) => `tap${cut(portId)}`,
  }
}
