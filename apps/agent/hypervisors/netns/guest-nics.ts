// The NICs of a netns guest: a veth pair whose host end stands for the tap of a virtual machine.
import { existsSync, readFileSync } from 'node:fs'
import { run } from '@patchbay/vif-driver/command.ts'
import { readInterface, unconnected } from '@patchbay/vif-driver/interface-xml.ts'
import { ipBatch, linkExists } from '@patchbay/vif-driver/iproute.ts'
import type { NicCounters } from '../hypervisor.ts'

export interface GuestNic {
  /** Inside the guest: eth0, eth1 … */
  readonly device: string
  /** On the host. */
  readonly tap: string
  readonly mac: string
  /** `unconnected`, or a bridge of the host. */
  readonly bridge: string
  /** The bridge is Open vSwitch's: the driver puts the tap on it. */
  readonly onOpenvswitch: boolean
  /** Of a bridge of the kernel: it talks only with ports that are not. */
  readonly isIsolated: boolean
  readonly checksumOffload: boolean
  readonly mtu: number
  readonly linkUp: boolean
}

export const namespaceOf = (vmId: string) => `vm-${vmId}`

export const guestExists = (vmId: string) => existsSync(`/run/netns/${namespaceOf(vmId)}`)

/** What an `<interface>` becomes. Throws a plain Error for one that this hypervisor cannot realise. */
export function planNic(xml: string, device: string): GuestNic {
  const facts = readInterface(xml)
  if (facts.type !== 'bridge') throw new Error(`netns guests have interfaces of type bridge, not "${facts.type}"`)
  if (facts.mac === undefined) throw new Error('the interface has no MAC address')
  if (!/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(facts.mac)) throw new Error(`"${facts.mac}" is not a MAC address`)
  if (facts.mtu !== undefined && !Number.isInteger(facts.mtu)) throw new Error('the MTU of the interface is no number')
  const bridge = facts.sourceBridge || unconnected
  if (bridge !== unconnected && !isLinkName(bridge)) throw new Error(`"${bridge}" is not a usable name of a bridge`)
  const tap = facts.targetDev ?? `vnet${facts.mac.replaceAll(':', '').slice(2)}`
  if (!isLinkName(tap)) throw new Error(`"${tap}" is not a usable name of a link`)
  const { mac, mtu = 1500, linkUp, isIsolated, checksumOffload } = facts
  const onOpenvswitch = facts.openvswitchInterfaceId !== undefined
  return { device, tap, mac, bridge, mtu, linkUp, onOpenvswitch, isIsolated, checksumOffload }
}

const isLinkName = (name: string) => /^(?!\.{1,2}$)[\w.-]{1,15}$/.test(name)

/** Makes the guest, and its NICs. */
export const addGuest = (vmId: string, nics: readonly GuestNic[]): Promise<void> =>
  makeNics(vmId, nics, { onHost: [`netns add ${namespaceOf(vmId)}`], inside: ['link set lo up'] })

/** Makes the pairs and connects their host ends. The guest's ends are up, but have no address yet. */
export const addNics = (vmId: string, nics: readonly GuestNic[]): Promise<void> =>
  makeNics(vmId, nics, { onHost: [], inside: [] })

/** However many NICs there are: to start a process takes longer than most of what one does here. */
async function makeNics(
  vmId: string,
  nics: readonly GuestNic[],
  before: { readonly onHost: readonly string[]; readonly inside: readonly string[] },
): Promise<void> {
  for (const nic of nics) refuseImpossible(nic)
  await ipBatch([...before.onHost, ...nics.flatMap((nic) => hostLines(vmId, nic))])
  const inside = nics.flatMap(({ device }) => [`link set ${device} addrgenmode none`, `link set ${device} up`])
  await Promise.all([
    ipBatch([...before.inside, ...inside], { netns: namespaceOf(vmId) }),
    completeChecksums(
      vmId,
      nics.filter(({ checksumOffload }) => !checksumOffload),
    ),
  ])
}

function refuseImpossible({ tap, mac, bridge }: GuestNic): void {
  if (bridge !== unconnected && !linkExists(bridge)) throw noBridge(bridge)
  if (linkExists(tap)) throw new Error(`this host has a link ${tap} already, which is to be the tap of NIC ${mac}`)
}

const noBridge = (bridge: string) => new Error(`there is no bridge ${bridge} on this host`)

function hostLines(vmId: string, nic: GuestNic): string[] {
  const { device, tap, mac, bridge, mtu, linkUp, onOpenvswitch } = nic
  return [
    `link add ${tap} mtu ${mtu} type veth peer name ${device} address ${mac} mtu ${mtu} netns ${namespaceOf(vmId)}`,
    `link set ${tap} addrgenmode none`,
    ...(bridge === unconnected || onOpenvswitch ? [] : joinLines(nic)),
    ...(linkUp ? [`link set ${tap} up`] : []),
  ]
}

const joinLines = ({ tap, bridge, isIsolated }: GuestNic) => [
  `link set ${tap} master ${bridge}`,
  ...(isIsolated ? [`link set ${tap} type bridge_slave isolated on`] : []),
]

/** A NIC that is there goes to its bridge, and off the one where it was. */
export async function connectNic(vmId: string, nic: GuestNic): Promise<void> {
  const { device, tap, bridge, mtu, linkUp } = nic
  if (bridge !== unconnected && !linkExists(bridge)) throw noBridge(bridge)
  await ipBatch([
    `link set ${tap} mtu ${mtu}`,
    ...(bridge === unconnected ? [`link set ${tap} nomaster`] : joinLines(nic)),
    `link set ${tap} ${linkUp ? 'up' : 'down'}`,
  ])
  await ipBatch([`link set ${device} mtu ${mtu}`], { netns: namespaceOf(vmId) })
}

/** The guest sends nothing yet. */
async function completeChecksums(vmId: string, nics: readonly GuestNic[]): Promise<void> {
  if (nics.length === 0) return
  const each = 'for device; do ethtool -K "$device" tx off || exit; done'
  await run([...inGuest(vmId), 'sh', '-c', each, 'sh', ...nics.map(({ device }) => device)])
}

/** In front of an argv that is to run in a guest. */
export const inGuest = (vmId: string) => ['nsenter', `--net=/run/netns/${namespaceOf(vmId)}`]

/**
 * Removes the guest's ends, and with them the taps: a link on the host that only has a tap's name is not ours. Succeeds
 * when they are gone.
 */
export async function removeNics(vmId: string, nics: readonly GuestNic[]): Promise<void> {
  const inside = new Set(await devicesIn(vmId))
  const lines = nics.filter(({ device }) => inside.has(device)).map(({ device }) => `link del ${device}`)
  await ipBatch(lines, { netns: namespaceOf(vmId) })
}

/** No process is run for a guest that is not there. */
async function devicesIn(vmId: string): Promise<string[]> {
  if (!guestExists(vmId)) return []
  const links = JSON.parse(await run(['ip', '-n', namespaceOf(vmId), '-j', 'link', 'show'])) as { ifname: string }[]
  return links.map(({ ifname }) => ifname)
}

/** undefined for a NIC that is not there, or that goes away meanwhile. */
export function countersOf({ tap, mac }: GuestNic): NicCounters | undefined {
  const read = (name: string) => BigInt(readFileSync(`/sys/class/net/${tap}/statistics/${name}`, 'utf8').trim())
  try {
    // What the host's end receives is what the guest sent.
    return {
      name: tap,
      mac,
      rx: read('tx_bytes'),
      tx: read('rx_bytes'),
      rxErrors: read('tx_errors'),
      txErrors: read('rx_errors'),
      rxDropped: read('tx_dropped'),
      txDropped: read('rx_dropped'),
    }
  } catch {
    return undefined
  }
}

/** Addresses and routes of a guest's NIC: all the memory that a netns guest has. */
export interface NicMemory {
  readonly device: string
  /** With prefix length. */
  readonly addresses: readonly string[]
  readonly routes: readonly { readonly destination: string; readonly gateway: string }[]
}

export async function readMemories(vmId: string, nics: readonly GuestNic[]): Promise<NicMemory[]> {
  const inside = ['ip', '-n', namespaceOf(vmId), '-j', '-4']
  const [addresses, routes] = await Promise.all([
    run([...inside, 'addr', 'show']).then(
      listOf<{ ifname: string; addr_info: { local: string; prefixlen: number }[] }>,
    ),
    run([...inside, 'route', 'show']).then(listOf<{ dev: string; dst: string; gateway?: string }>),
  ])
  return nics.map(({ device }) => ({
    device,
    addresses: addresses
      .filter(({ ifname }) => ifname === device)
      .flatMap(({ addr_info }) => addr_info.map(({ local, prefixlen }) => `${local}/${prefixlen}`)),
    routes: routes
      .filter(({ dev }) => dev === device)
      .flatMap(({ dst, gateway }) => (gateway ? [{ destination: dst, gateway }] : [])),
  }))
}

/** ip prints nothing where there is nothing, and an empty object for each link without what was asked for. */
const listOf = <Item>(text: string): Item[] =>
  JSON.parse(text.trim() || '[]').filter((item: object) => item && Object.keys(item).length > 0)

export async function writeMemories(vmId: string, memories: readonly NicMemory[]): Promise<void> {
  const lines = memories.flatMap(({ device, addresses, routes }) => [
    ...addresses.map((address) => `addr replace ${address} dev ${device}`),
    ...routes.map(({ destination, gateway }) => `route replace ${destination} via ${gateway} dev ${device}`),
  ])
  // It came over the network.
  if (lines.some((line) => !/^[\w ./:]+$/.test(line))) throw new Error('the memory of the guest makes no sense')
  await ipBatch(lines, { netns: namespaceOf(vmId) })
}
