// A network on this host: its bridge, and the VXLAN device that joins it to the other hosts.
import { CommandError, run } from '@patchbay/vif-driver/command.ts'
import { DriverError } from '@patchbay/vif-driver/driver-error.ts'
import {
  bridgePorts,
  ipBatch,
  ipBatchForce,
  isIsolated,
  linkExists,
  mtuOf,
  removeFromHost,
} from '@patchbay/vif-driver/iproute.ts'
import type { Names } from './names.ts'

export interface Segment {
  readonly networkId: string
  readonly vni: number
  /** Bytes of IP payload. */
  readonly mtu: number
}

export interface Transport {
  readonly underlay: string
  /** UDP port. The kernel tells VXLAN devices apart by it and the VNI alone, so each provider has its own. */
  readonly vxlanPort: number
  /** Not where there are `peers`. */
  readonly group: string
  readonly peers: readonly string[] | 'provider'
}

/**
 * Makes bridge and VXLAN device, unless they are there with the network's MTU. Should somebody have removed one of them, both are made anew
 * and the `taps` of guests that lost their bridge join the new one.
 */
export async function ensureSegment(
  names: Names,
  segment: Segment,
  transport: Transport,
  taps: readonly string[],
): Promise<void> {
  if (isComplete(names, segment.networkId)) return adaptMtu(names, segment, taps)
  await removeSegment(names, segment.networkId)
  await makeSegment(names, segment, transport)
  const bridge = names.bridge(segment.networkId)
  await ipBatchForce(taps.filter(linkExists).map((tap) => `link set ${tap} master ${bridge}`))
}

/** Where the network's MTU has changed. Guests hear of it by DHCP and announcements, when they ask the next time. */
async function adaptMtu(names: Names, { networkId, mtu }: Segment, taps: readonly string[]): Promise<void> {
  const set = (links: readonly string[]) =>
    links.filter((link) => ![undefined, mtu].includes(mtuOf(link))).map((link) => `link set ${link} mtu ${mtu}`)
  await ipBatch(set([names.vxlan(networkId), names.bridge(networkId)]))
  await ipBatchForce(set(taps))
}

async function makeSegment(names: Names, segment: Segment, transport: Transport): Promise<void> {
  const flood = floodLines(names, segment, transport)
  const [made, joined] = [segmentLines(names, segment, transport), joinLines(names, segment)]
  try {
    if (flood.length === 0) return await ipBatch([...made, ...joined])
    await ipBatch(made)
  } catch (error) {
    throw isTaken(error) ? vniTaken(segment, transport, error) : error
  }
  await run(['bridge', '-batch', '-'], { input: `${flood.join('\n')}\n` })
  await ipBatch(joined)
}

/** As the kernel says it, or as iproute2 says EEXIST. The names are free: it is the VNI that somebody has already. */
const isTaken = (error: unknown): error is CommandError =>
  error instanceof CommandError &&
  /(already exists|File exists)[^"]*"link add \S+ mtu \d+ type vxlan /.test(error.message)

const vniTaken = ({ vni, networkId }: Segment, { vxlanPort }: Transport, cause: Error) =>
  new DriverError(
    'host-setup',
    `network ${networkId} has VNI ${vni}, which another VXLAN device of this host has on UDP port ${vxlanPort} too: ` +
      'give each provider a vxlan-port of its own, the same on all hosts',
    { cause },
  )

/** Isolating the VXLAN device is the last step of making a segment. */
function isComplete(names: Names, networkId: string): boolean {
  const vxlan = names.vxlan(networkId)
  return bridgePorts(names.bridge(networkId)).includes(vxlan) && isIsolated(vxlan)
}

/** Succeeds when there is none. */
export async function removeSegment(names: Names, networkId: string): Promise<void> {
  await removeFromHost({ links: [names.vxlan(networkId), names.bridge(networkId)] })
}

/** The devices of a segment, as lines for `ip -batch`. */
export function segmentLines(names: Names, { networkId, vni, mtu }: Segment, transport: Transport): string[] {
  const { underlay, vxlanPort, group, peers } = transport
  const bridge = names.bridge(networkId)
  const vxlan = names.vxlan(networkId)
  const flood = peers.length === 0 ? ` group ${group}` : ''
  return [
    // The bridge only forwards: no address, no spanning tree, no waiting before a port forwards.
    `link add ${bridge} mtu ${mtu} type bridge stp_state 0 forward_delay 0 mcast_snooping 0`,
    `link set ${bridge} addrgenmode none`,
    `link set ${bridge} up`,
    `link add ${vxlan} mtu ${mtu} type vxlan id ${vni} dev ${underlay} dstport ${vxlanPort} ttl 16${flood}`,
    `link set ${vxlan} addrgenmode none`,
  ]
}

/** Where frames without a known destination go when there is no multicast, as lines for `bridge -batch`. */
export function floodLines(names: Names, { networkId }: Segment, { peers }: Transport): string[] {
  // Where the provider knows the hosts, there are none before it was asked.
  if (peers === 'provider') return []
  return peers.map((peer) => `fdb append 00:00:00:00:00:00 dev ${names.vxlan(networkId)} dst ${peer}`)
}

/** Joins the devices, as lines for `ip -batch`. */
export function joinLines(names: Names, { networkId }: Segment): string[] {
  return [
    `link set ${names.vxlan(networkId)} master ${names.bridge(networkId)} up`,
    // Isolated from the DHCP server's port, which is isolated too: each host answers only its own guests.
    `link set ${names.vxlan(networkId)} type bridge_slave isolated on`,
  ]
}
