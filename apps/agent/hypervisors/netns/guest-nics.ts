// The NICs of a netns guest: a veth pair whose host end stands for the tap of a virtual machine.
import { readdirSync, readFileSync } from 'node:fs'
import { run } from '@patchbay/vif-driver/command.ts'
import { type InterfaceFacts, readInterface, unconnected } from '@patchbay/vif-driver/interface-xml.ts'
import { ipBatch, linkExists } from '@patchbay/vif-driver/iproute.ts'
import type { NicCounters } from '../hypervisor.ts'

export interface GuestNic {
  /** Inside the guest: eth0, eth1 … */
  readonly device: string
  /** On the host. */
  readonly tap: string
  readonly mac: string
  readonly facts: InterfaceFacts
}

export const namespaceOf = (vmId: string) => `vm-${vmId}`

/** What an `<interface>` becomes. Throws a plain Error for one that this hypervisor cannot realise. */
export function planNic(xml: string, device: string): GuestNic {
  const facts = readInterface(xml)
  if (facts.type !== 'bridge') throw new Error(`netns guests have interfaces of type bridge, not ${facts.type}`)
  if (facts.mac === undefined) throw new Error('the interface has no MAC address')
  const tap = facts.targetDev ?? `vnet${facts.mac.replaceAll(':', '').slice(2)}`
  if (!/^[\w.-]{1,15}$/.test(tap)) throw new Error(`${tap} is not a usable name of a link`)
  return { device, tap, mac: facts.mac, facts }
}

/** Makes the pair and connects its host end. The guest's end is up, but has no address yet. */
export async function addNic(vmId: string, { device, tap, mac, facts }: GuestNic): Promise<void> {
  const { sourceBridge: bridge = unconnected, mtu = 1500, linkUp } = facts
  if (bridge !== unconnected && !linkExists(bridge)) throw new Error(`there is no bridge ${bridge} on this host`)
  await ipBatch([
    `link add ${tap} mtu ${mtu} type veth peer name ${device} address ${mac} mtu ${mtu} netns ${namespaceOf(vmId)}`,
    `link set ${tap} addrgenmode none`,
    ...(bridge === unconnected ? [] : [`link set ${tap} master ${bridge}`]),
    ...(linkUp ? [`link set ${tap} up`] : []),
  ])
  await ipBatch([`link set ${device} addrgenmode none`, `link set ${device} up`], { netns: namespaceOf(vmId) })
}

/** Removing the host's end removes the pair. */
export async function removeNic({ tap }: GuestNic): Promise<void> {
  if (linkExists(tap)) await ipBatch([`link del ${tap}`])
}

export function countersOf({ tap, mac }: GuestNic): NicCounters | undefined {
  const dir = `/sys/class/net/${tap}/statistics`
  try {
    readdirSync(dir)
  } catch {
    return undefined
  }
  const read = (name: string) => BigInt(readFileSync(`${dir}/${name}`, 'utf8').trim())
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
}

/** Addresses and routes of a guest's NIC: all the memory that a netns guest has. */
export interface NicMemory {
  readonly device: string
  /** With prefix length. */
  readonly addresses: readonly string[]
  readonly routes: readonly { readonly destination: string; readonly gateway: string }[]
}

export async function readMemory(vmId: string, { device }: GuestNic): Promise<NicMemory> {
  const inside = ['ip', '-n', namespaceOf(vmId), '-j', '-4']
  const [links, routes] = await Promise.all([
    run([...inside, 'addr', 'show', 'dev', device]),
    run([...inside, 'route', 'show', 'dev', device]),
  ])
  const [link] = JSON.parse(links) as { addr_info: { local: string; prefixlen: number }[] }[]
  return {
    device,
    addresses: (link?.addr_info ?? []).map(({ local, prefixlen }) => `${local}/${prefixlen}`),
    routes: (JSON.parse(routes || '[]') as { dst: string; gateway?: string }[]).flatMap(({ dst, gateway }) =>
      gateway ? [{ destination: dst, gateway }] : [],
    ),
  }
}

export async function writeMemory(vmId: string, memories: readonly NicMemory[]): Promise<void> {
  const lines = memories.flatMap(({ device, addresses, routes }) => [
    ...addresses.map((address) => `addr replace ${address} dev ${device}`),
    ...routes.map(({ destination, gateway }) => `route replace ${destination} via ${gateway} dev ${device}`),
  ])
  await ipBatch(lines, { netns: namespaceOf(vmId) })
}
