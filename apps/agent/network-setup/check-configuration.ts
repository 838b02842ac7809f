// Whether a configuration can be had on this host: what its networks are on, and who uses that besides. VDSM's codes.
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import type { Link } from './kernel-links.ts'
import type { WantedLink } from './layout.ts'
import {
  carrierOf,
  changedBy,
  isRemoval,
  type NetworkConfiguration,
  type SetupRequest,
} from './network-configuration.ts'

/** What is removed must be there, and a bond must carry nothing any more. */
export function checkRemovals(before: NetworkConfiguration, request: SetupRequest): void {
  const { networks, bondings } = request
  const after = Object.entries(changedBy(before, request).networks)
  for (const [name, asked] of Object.entries(networks)) {
    if (isRemoval(asked) && !Object.hasOwn(before.networks, name))
      throw vdsmError('NetworkBadBridge', `Cannot delete network ${name}: It doesn't exist in the system`)
  }
  for (const [name, asked] of Object.entries(bondings)) {
    if (isRemoval(asked) && !Object.hasOwn(before.bondings, name))
      throw vdsmError('NetworkBadBonding', `Cannot delete bonding ${name}: It doesn't exist in the system`)
    const [user] = after.find(([, network]) => network.bonding === name) ?? []
    if (isRemoval(asked) && user !== undefined)
      throw vdsmError('NetworkUsedBond', `bond ${name} carries network ${user}`)
  }
}

/** Throws VDSM's error for the first thing that cannot be. */
export function checkConfiguration(configuration: NetworkConfiguration): void {
  const { networks, bondings } = configuration
  const userOf = new Map<string, string>()
  const ports = new Map(Object.entries(bondings).flatMap(([bond, { nics }]) => nics.map((nic) => [nic, bond] as const)))
  for (const [bond, { nics }] of Object.entries(bondings)) {
    const other = nics.find((nic) => ports.get(nic) !== bond)
    if (other) throw vdsmError('NetworkUsedNic', `bond ${bond}: ${other} is a port of ${ports.get(other)}`)
  }
  for (const [name, network] of Object.entries(networks)) {
    const { nic, bonding } = network
    if (nic !== undefined && ports.has(nic))
      throw vdsmError('NetworkUsedNic', `network ${name}: ${nic} is a port of ${ports.get(nic)}`)
    if (bonding !== undefined && !Object.hasOwn(bondings, bonding))
      throw vdsmError('NetworkBadBonding', `network ${name}: there is no bond ${bonding}`)
    const carrier = carrierOf(network)
    if (carrier !== undefined && carrier.length > 15)
      throw vdsmError('NetworkBadVlan', `network ${name}: ${carrier} is too long for the name of a link`)
    const other = carrier === undefined ? undefined : userOf.get(carrier)
    if (other !== undefined)
      throw vdsmError('NetworkBadParams', `network ${name}: ${carrier} carries network ${other} already`)
    if (carrier !== undefined) userOf.set(carrier, name)
  }
  const leading = Object.entries(networks).filter(([, { defaultRoute }]) => defaultRoute)
  if (leading.length > 1) {
    const names = leading.map(([name]) => name).join(', ')
    throw vdsmError('NetworkBadParams', `Only a single default route network is allowed: ${names}`)
  }
}

/** `ours`: the links that we may have made. Their names, and the NICs, must not belong to somebody else. */
export function checkLinks(links: readonly Link[], ours: readonly WantedLink[], wanted: readonly WantedLink[]): void {
  const seen = new Map(links.map((link) => [link.ifname, link]))
  const oursMade = new Set(ours.flatMap(({ name, made }) => (made ? [name] : [])))
  for (const { name, made, master } of wanted) {
    const link = seen.get(name)
    if (!made && link?.link_type !== 'ether') throw vdsmError('NetworkBadNic', `there is no NIC ${name}`)
    if (made && link && !oursMade.has(name)) throw vdsmError(takenName[made.kind], `there is a link ${name} already`)
    if (master !== undefined && link?.master !== undefined && link.master !== master && !oursMade.has(link.master))
      throw vdsmError('NetworkUsedNic', `${name} is a port of ${link.master}, which is none of our networks`)
  }
}

const takenName = { bridge: 'NetworkBadBridge', vlan: 'NetworkBadVlan', bond: 'NetworkBadBonding' } as const

/** A bridge with guests on it is not removed. */
export function checkGuests(links: readonly Link[], before: NetworkConfiguration, target: NetworkConfiguration): void {
  const carriers = Object.values(before.networks).map(carrierOf)
  for (const [name, { bridged }] of Object.entries(before.networks)) {
    if (!bridged || (Object.hasOwn(target.networks, name) && target.networks[name]!.bridged)) continue
    const guest = links.find(({ ifname, master }) => master === name && !carriers.includes(ifname))
    if (guest) throw vdsmError('NetworkUsedBridge', `network ${name}: ${guest.ifname} is on its bridge`)
  }
}
