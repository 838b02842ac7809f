// Where the guests of a network are: behind which hosts, by what the provider knows of its ports.
import type { Answered } from '@patchbay/networking-api/client/client.ts'
import type { Port } from '@patchbay/networking-api/resources/ports.ts'

/** A MAC of a port that is wired on other hosts. */
export interface Station {
  readonly mac: string
  /** Addresses of these hosts, where frames should rather go first. While a guest moves there are two. */
  readonly endpoints: readonly string[]
}

export interface Whereabouts {
  readonly stations: readonly Station[]
  /** Addresses of the other hosts that have wired ports of the network. */
  readonly hosts: readonly string[]
  /** No frame is for anybody else: every wired port is at a host with a known address, and none may send from other MACs. */
  readonly isComplete: boolean
}

/** `endpoints`: host → address. `here`: this host. */
export function whereabouts(
  ports: readonly Answered<Port>[],
  endpoints: ReadonlyMap<string, string>,
  here: string,
): Whereabouts {
  const wired = ports.filter(({ wired_hosts = [] }) => wired_hosts.length > 0)
  const elsewhere = wired.filter(({ wired_hosts = [] }) => wired_hosts.some((host) => host !== here))
  const hosts = [...new Set(elsewhere.flatMap(({ wired_hosts = [] }) => wired_hosts))].filter((host) => host !== here)
  const isKnown = hosts.every((host) => endpoints.has(host))
  return {
    hosts: hosts.filter((host) => endpoints.has(host)).map((host) => endpoints.get(host)!),
    stations: elsewhere.flatMap((port) => stationsOf(port, endpoints, here)),
    isComplete: isKnown && wired.every(({ port_security_enabled }) => port_security_enabled),
  }
}

function stationsOf(port: Answered<Port>, endpoints: ReadonlyMap<string, string>, here: string): Station[] {
  const { wired_hosts = [], mac_address: own, allowed_address_pairs: pairs = [], 'binding:host_id': bound } = port
  const hosts = wired_hosts.filter((host) => host !== here && endpoints.has(host))
  if (hosts.length === 0 || own === undefined) return []
  const preferred = [...hosts.filter((host) => host === bound), ...hosts.filter((host) => host !== bound)]
  const macs = new Set([own, ...pairs.map(({ mac_address }) => mac_address)])
  return [...macs].map((mac) => ({ mac, endpoints: preferred.map((host) => endpoints.get(host)!) }))
}
