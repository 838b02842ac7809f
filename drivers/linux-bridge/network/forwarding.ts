// Forwarding entries for guests on other hosts, in place of flooding and learning: each frame goes to the one host.
// The entries can be overruled by what is heard: a guest that moved is followed with its first frame, before anybody asks
// the provider.
import { readFileSync } from 'node:fs'
import { run } from '@patchbay/vif-driver/command.ts'
import type { Names } from './names.ts'
import type { Station, Whereabouts } from './whereabouts.ts'

/** As `bridge -json fdb show` tells it. */
export interface FdbEntry {
  readonly mac: string
  readonly ifname: string
  /** Of the VXLAN device's own table: the host. */
  readonly dst?: string
  readonly flags: readonly string[]
  readonly state?: string
}

/**
 * Makes the entries of a network on this host what they should be, and with `replicates` also where frames for everybody
 * go. Throws a CommandError.
 */
export async function putForwarding(
  names: Names,
  networkId: string,
  wanted: Whereabouts,
  replicates: boolean,
): Promise<void> {
  const shown = await run(['bridge', '-json', 'fdb', 'show', 'br', names.bridge(networkId)])
  const vxlan = names.vxlan(networkId)
  const entries = JSON.parse(shown || '[]') as FdbEntry[]
  const all = [
    ...forwardingLines(vxlan, wanted, entries),
    ...(replicates ? replicationLines(vxlan, wanted, entries) : []),
    ...floodLines(vxlan, wanted.isComplete),
  ]
  if (all.length > 0) await run(['bridge', '-force', '-batch', '-'], { input: `${all.join('\n')}\n` })
}

/** What changes `entries` into those that are wanted, as lines for `bridge -batch`. */
export function forwardingLines(vxlan: string, { stations }: Whereabouts, entries: readonly FdbEntry[]): string[] {
  const tunnels = new Map(entries.filter((entry) => isTunnel(entry, vxlan)).map((entry) => [entry.mac, entry]))
  const ports = new Map(entries.filter(isPort).map((entry) => [entry.mac, entry]))
  const wanted = new Set(stations.map(({ mac }) => mac))
  const isOver = (entry: FdbEntry) => isOurs(entry) && entry.ifname === vxlan && !wanted.has(entry.mac)
  return [
    ...stations.flatMap((station) => tunnelLines(vxlan, station, tunnels.get(station.mac))),
    ...stations.flatMap(({ mac }) => portLines(vxlan, mac, ports.get(mac))),
    ...[...tunnels.values()].filter(isOver).map(({ mac, dst }) => `fdb del ${mac} dev ${vxlan} dst ${dst} self`),
    ...[...ports.values()].filter(isOver).map(({ mac }) => `fdb del ${mac} dev ${vxlan} master`),
  ]
}

/** The same for frames to everybody, of which each host with ports of the network gets a copy. */
export function replicationLines(vxlan: string, { hosts }: Whereabouts, entries: readonly FdbEntry[]): string[] {
  const now = entries.filter(({ ifname, mac }) => ifname === vxlan && mac === everybody).map(({ dst }) => dst!)
  return [
    ...hosts.filter((host) => !now.includes(host)).map((host) => `fdb append ${everybody} dev ${vxlan} dst ${host}`),
    ...now.filter((host) => !hosts.includes(host)).map((host) => `fdb del ${everybody} dev ${vxlan} dst ${host}`),
  ]
}

const everybody = '00:00:00:00:00:00'

const isTunnel = ({ ifname, dst, flags, mac }: FdbEntry, vxlan: string) =>
  ifname === vxlan && dst !== undefined && flags.includes('self') && mac !== everybody

const isPort = ({ flags, state }: FdbEntry) => !flags.includes('self') && state !== 'permanent'

/** Entries from outside do not age, and yet give way to what is heard. */
const isOurs = ({ flags }: FdbEntry) => flags.includes('extern_learn')
const ours = 'dynamic extern_learn'

/** An entry that leads to one of the guest's hosts stays: while a guest moves, what was heard knows more than the provider. */
function tunnelLines(vxlan: string, { mac, endpoints }: Station, known: FdbEntry | undefined): string[] {
  const isRight = known?.dst !== undefined && endpoints.includes(known.dst)
  if (isRight && isOurs(known)) return []
  return [`fdb replace ${mac} dev ${vxlan} dst ${isRight ? known.dst : endpoints[0]} self ${ours}`]
}

/** A guest that was heard at another port of the bridge is on this host, whatever the provider has not been told yet. */
function portLines(vxlan: string, mac: string, known: FdbEntry | undefined): string[] {
  if (known && (known.ifname !== vxlan || isOurs(known))) return []
  return [`fdb replace ${mac} dev ${vxlan} master ${ours}`]
}

/** Whether frames for a MAC that nobody knows go to the other hosts. Broadcast and multicast do either way. */
function floodLines(vxlan: string, isComplete: boolean): string[] {
  const floods = readFileSync(`/sys/class/net/${vxlan}/brport/unicast_flood`, 'utf8').trim() === '1'
  return floods === isComplete ? [`link set dev ${vxlan} flood ${isComplete ? 'off' : 'on'}`] : []
}
