// A network on this host: its bridge, and the VXLAN device that joins it to the other hosts.
import { run } from '@patchbay/vif-driver/command.ts'
import {
  bridgePorts,
  ipBatch,
  ipBatchForce,
  isIsolated,
  linkExists,
  removeFromHost,
} from '@patchbay/vif-driver/iproute.ts'

export interface Segment {
  readonly networkId: string
  readonly vni: number
  /** Bytes of IP payload. */
  readonly mtu: number
}

export interface Transport {
  readonly underlay: string
  readonly group: string
  readonly peers: readonly string[]
}

/** Link names have at most 15 characters: a prefix and the first 11 of the id, as OpenStack does it. */
export const bridgeName = (networkId: string) => `brx${networkId.slice(0, 11)}`
export const vxlanName = (networkId: string) => `vxl${networkId.slice(0, 11)}`
export const dhcpLinkName = (networkId: string) => `dhc${networkId.slice(0, 11)}`
export const tapName = (portId: string) => `tap${portId.slice(0, 11)}`

/**
 * Makes bridge and VXLAN device, unless they are there. Should somebody have removed one of them, both are made anew
 * and the `taps` of guests that lost their bridge join the new one.
 */
export async function ensureSegment(segment: Segment, transport: Transport, taps: readonly string[]): Promise<void> {
  if (isComplete(segment.networkId)) return
  await removeSegment(segment.networkId)
  await makeSegment(segment, transport)
  await ipBatchForce(taps.filter(linkExists).map((tap) => `link set ${tap} master ${bridgeName(segment.networkId)}`))
}

async function makeSegment(segment: Segment, transport: Transport): Promise<void> {
  const flood = floodLines(segment, transport)
  if (flood.length === 0) return ipBatch([...segmentLines(segment, transport), ...joinLines(segment)])
  await ipBatch(segmentLines(segment, transport))
  await run(['bridge', '-batch', '-'], { input: `${flood.join('\n')}\n` })
  await ipBatch(joinLines(segment))
}

/** Isolating the VXLAN device is the last step of making a segment. */
function isComplete(networkId: string): boolean {
  return bridgePorts(bridgeName(networkId)).includes(vxlanName(networkId)) && isIsolated(vxlanName(networkId))
}

/** Succeeds when there is none. */
export async function removeSegment(networkId: string): Promise<void> {
  await removeFromHost({ links: [vxlanName(networkId), bridgeName(networkId)] })
}

/** The devices of a segment, as lines for `ip -batch`. */
export function segmentLines({ networkId, vni, mtu }: Segment, { underlay, group, peers }: Transport): string[] {
  const bridge = bridgeName(networkId)
  const vxlan = vxlanName(networkId)
  const flood = peers.length === 0 ? ` group ${group}` : ''
  return [
    // The bridge only forwards: no address, no spanning tree, no waiting before a port forwards.
    `link add ${bridge} mtu ${mtu} type bridge stp_state 0 forward_delay 0 mcast_snooping 0`,
    `link set ${bridge} addrgenmode none`,
    `link set ${bridge} up`,
    `link add ${vxlan} mtu ${mtu} type vxlan id ${vni} dev ${underlay} dstport 4789 ttl 16${flood}`,
    `link set ${vxlan} addrgenmode none`,
  ]
}

/** Where frames without a known destination go when there is no multicast, as lines for `bridge -batch`. */
export function floodLines({ networkId }: Segment, { peers }: Transport): string[] {
  return peers.map((peer) => `fdb append 00:00:00:00:00:00 dev ${vxlanName(networkId)} dst ${peer}`)
}

/** Joins the devices, as lines for `ip -batch`. */
export function joinLines({ networkId }: Segment): string[] {
  return [
    `link set ${vxlanName(networkId)} master ${bridgeName(networkId)} up`,
    // Isolated from the DHCP server's port, which is isolated too: each host answers only its own guests.
    `link set ${vxlanName(networkId)} type bridge_slave isolated on`,
  ]
}
