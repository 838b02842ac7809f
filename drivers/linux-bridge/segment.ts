// A network on this host: its bridge, and the VXLAN device that joins it to the other hosts.
import { run } from '@patchbay/vif-driver/command.ts'
import { bridgePorts, ipBatch, ipBatchForce, linkExists } from '@patchbay/vif-driver/iproute.ts'

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

/** Makes what is missing of bridge and VXLAN device. */
export async function ensureSegment(segment: Segment, transport: Transport): Promise<void> {
  if (bridgePorts(bridgeName(segment.networkId)).includes(vxlanName(segment.networkId))) return
  await removeSegment(segment.networkId)
  await ipBatch(segmentLines(segment, transport))
  const flood = floodLines(segment, transport)
  if (flood.length > 0) await run(['bridge', '-batch', '-'], { input: `${flood.join('\n')}\n` })
}

export async function removeSegment(networkId: string): Promise<void> {
  const links = [vxlanName(networkId), bridgeName(networkId)].filter(linkExists)
  await ipBatchForce(links.map((link) => `link del ${link}`))
}

/** The changes that make a segment, as lines for `ip -batch`. */
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
    `link set ${vxlan} master ${bridge} up`,
    // Isolated from the DHCP server's port, which is isolated too: each host answers only its own guests.
    `link set ${vxlan} type bridge_slave isolated on`,
  ]
}

/** Where frames without a known destination go when there is no multicast, as lines for `bridge -batch`. */
export function floodLines({ networkId }: Segment, { peers }: Transport): string[] {
  return peers.map((peer) => `fdb append 00:00:00:00:00:00 dev ${vxlanName(networkId)} dst ${peer}`)
}
