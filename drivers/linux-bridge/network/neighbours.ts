// Questions for the address of a guest that the provider knows are answered on the host where they are asked. The kernel
// does it, from neighbour entries of the bridge (neigh_suppress of bridge ports, RFC 7432 section 10). It then also keeps
// from the other hosts what guests say unasked (gratuitous ARP, unsolicited advertisements).
import { readFileSync } from 'node:fs'
import type { Answered } from '@patchbay/networking-api/client/client.ts'
import type { Port } from '@patchbay/networking-api/resources/ports.ts'
import { run } from '@patchbay/vif-driver/command.ts'
import { ipBatch } from '@patchbay/vif-driver/iproute.ts'
import type { Names } from './names.ts'

export interface Neighbour {
  readonly ip: string
  readonly mac: string
}

/** As `ip -json neigh show` tells it. */
export interface NeighbourEntry {
  readonly dst: string
  readonly lladdr?: string
}

/**
 * The guests of a network, wherever they are; undefined where it must be left to them: where one may have other MACs or
 * addresses than its port, which it says unasked when it takes them over from another. `isComplete`: see Whereabouts.
 */
export function neighboursIn(ports: readonly Answered<Port>[], isComplete: boolean): Neighbour[] | undefined {
  const wired = ports.filter(({ wired_hosts = [] }) => wired_hosts.length > 0)
  if (!isComplete || wired.some(({ allowed_address_pairs: pairs = [] }) => pairs.length > 0)) return undefined
  return wired.flatMap(({ mac_address: mac, fixed_ips: fixedIps = [] }) =>
    mac === undefined ? [] : fixedIps.map(({ ip_address: ip }) => ({ ip, mac })),
  )
}

/** Makes the host answer for these alone, or for nobody. Throws a CommandError. */
export async function putNeighbours(
  names: Names,
  networkId: string,
  wanted: readonly Neighbour[] | undefined,
): Promise<void> {
  const bridge = names.bridge(networkId)
  const vxlan = names.vxlan(networkId)
  const answer = async (does: boolean) => {
    if (answers(vxlan) !== does)
      await run(['bridge', 'link', 'set', 'dev', vxlan, 'neigh_suppress', does ? 'on' : 'off'])
  }
  // Before the entries go, and after they came: in between, questions go to all as ever.
  if (!wanted) await answer(false)
  const shown = await run(['ip', '-json', 'neigh', 'show', 'dev', bridge, 'nud', 'permanent'])
  await ipBatch(neighbourLines(bridge, wanted ?? [], JSON.parse(shown || '[]') as NeighbourEntry[]))
  if (wanted) await answer(true)
}

/** What changes `entries` into those that are wanted, as lines for `ip -batch`. */
export function neighbourLines(
  bridge: string,
  wanted: readonly Neighbour[],
  entries: readonly NeighbourEntry[],
): string[] {
  const macs = new Map(entries.map(({ dst, lladdr }) => [dst, lladdr]))
  const ips = new Set(wanted.map(({ ip }) => ip))
  return [
    ...entries.filter(({ dst }) => !ips.has(dst)).map(({ dst }) => `neigh del ${dst} dev ${bridge}`),
    ...wanted
      .filter(({ ip, mac }) => macs.get(ip) !== mac)
      .map(({ ip, mac }) => `neigh replace ${ip} lladdr ${mac} dev ${bridge} nud permanent`),
  ]
}

const answers = (vxlan: string) => readFileSync(`/sys/class/net/${vxlan}/brport/neigh_suppress`, 'utf8').trim() === '1'
