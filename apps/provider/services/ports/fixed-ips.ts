// The addresses of a port: which wishes are possible, and the taking and giving back of addresses.
import { invalidInput, NetworkingError } from '@patchbay/networking-api/errors.ts'
import { contains, formatAddress, type IpAddress, parseAddress, parseCidr } from '@patchbay/networking-api/ip.ts'
import type { FixedIp, FixedIpWish, Port } from '@patchbay/networking-api/resources/ports.ts'
import type { Subnet } from '@patchbay/networking-api/resources/subnets.ts'
import type { Transaction } from '../../backends/backend.ts'
import { foundSubnet } from '../../backends/facts/found.ts'
import { isServicePort } from '../../backends/facts/service-ports.ts'
import { isHost, rangeOf } from '../../backends/facts/subnet-addressing.ts'
import { isAutoAddressed } from '../subnets/ipv6-modes.ts'
import { checkAutoWish, takeAutoAddress } from './auto-addresses.ts'

const maxPerPort = 5

/** Whose addresses these are. */
type Owner = Pick<Port, 'network_id' | 'mac_address' | 'device_owner'>

/** Where addresses are taken from, looked up once for all of a port. */
interface Place {
  readonly transaction: Transaction
  readonly owner: Owner
  /** Of the owner's network. */
  readonly subnets: readonly Subnet[]
  /** Whether the owner forms its address there. A router has the gateway's instead. */
  isAuto(subnet: Subnet): boolean
}

const placeOf = (transaction: Transaction, owner: Owner): Place => ({
  transaction,
  owner,
  subnets: transaction.subnets.find('network_id', owner.network_id),
  isAuto: (subnet) => isAutoAddressed(subnet) && !isServicePort(owner),
})

/** Takes the addresses for a new port: those wished for, or one of each IP version that the network has subnets of. */
export function takeFixedIps(
  transaction: Transaction,
  owner: Owner,
  wishes: readonly FixedIpWish[] | undefined,
): FixedIp[] {
  const place = placeOf(transaction, owner)
  const auto = place.subnets.filter(place.isAuto)
  const pooled = place.subnets.filter((subnet) => !auto.includes(subnet))
  const taken = wishes
    ? takeAllWished(place, pooledWishes(place, wishes))
    : [4, 6].flatMap((version) => {
        const candidates = pooled.filter(({ ip_version }) => ip_version === version)
        return candidates.length === 0 ? [] : [takeFromAny(place, candidates)]
      })
  return [...taken, ...auto.map((subnet) => takeAutoAddress(transaction, subnet, owner.mac_address))]
}

/** Changes a port's addresses to those wished for, one for each wish; what it has already and wishes again stays. */
export function replaceFixedIps(
  transaction: Transaction,
  owner: Owner,
  current: readonly FixedIp[],
  wishes: readonly FixedIpWish[],
): FixedIp[] {
  const place = placeOf(transaction, owner)
  const isAuto = autoTest(place)
  const dropped = current.filter((fixed) => !isAuto(fixed))
  const open: FixedIpWish[] = []
  for (const wish of preciseFirst(pooledWishes(place, wishes))) {
    const at = dropped.findIndex((fixed) => asksFor(wish, fixed))
    if (at === -1) open.push(wish)
    else dropped.splice(at, 1)
  }
  releaseFixedIps(transaction, dropped)
  const kept = current.filter((fixed) => !dropped.includes(fixed))
  return [...kept, ...takeAllWished(place, open)]
}

/** The addresses of a port with a new MAC: those formed from the old one are formed anew. */
export function reformFixedIps(transaction: Transaction, owner: Owner, current: readonly FixedIp[]): FixedIp[] {
  const isAuto = autoTest(placeOf(transaction, owner))
  releaseFixedIps(transaction, current.filter(isAuto))
  return current.map((fixed) =>
    isAuto(fixed) ? takeAutoAddress(transaction, foundSubnet(transaction, fixed.subnet_id), owner.mac_address) : fixed,
  )
}

export function releaseFixedIps(transaction: Transaction, fixedIps: readonly FixedIp[]): void {
  for (const { subnet_id, ip_address } of fixedIps) {
    const pools = foundSubnet(transaction, subnet_id).allocation_pools
    transaction.numbers.release(subnet_id, parseAddress(ip_address)!.number, pools.map(rangeOf))
  }
}

function autoTest({ subnets, isAuto }: Place): (fixed: FixedIp) => boolean {
  const ids = new Set(subnets.filter(isAuto).map(({ id }) => id))
  return ({ subnet_id }) => ids.has(subnet_id)
}

/** The wishes for addresses from pools. The others are fulfilled in any case, or refused. */
function pooledWishes(place: Place, wishes: readonly FixedIpWish[]): FixedIpWish[] {
  if (wishes.length > maxPerPort) throw invalidInput('Exceeded maximum amount of fixed ips per port')
  return wishes.filter((wish) => {
    const subnet = wishedSubnet(place, wish)
    if (!place.isAuto(subnet)) return true
    checkAutoWish(subnet, place.owner.mac_address, wish)
    return false
  })
}

/** In the order of the wishes. */
function takeAllWished(place: Place, wishes: readonly FixedIpWish[]): FixedIp[] {
  const taken = new Map<FixedIpWish, FixedIp>()
  for (const wish of preciseFirst(wishes)) taken.set(wish, takeWished(place, wish))
  return wishes.map((wish) => taken.get(wish)!)
}

function takeWished(place: Place, wish: FixedIpWish): FixedIp {
  const subnet = wishedSubnet(place, wish)
  const address = addressOf(wish)
  if (!address) return takeFromAny(place, [subnet])
  if (!isHost(parseCidr(subnet.cidr!)!, address))
    throw new NetworkingError('InvalidIpForSubnet', { address: wish.ip_address! })
  if (!place.transaction.numbers.take(subnet.id, address.number))
    throw new NetworkingError('IpAddressAlreadyAllocated', { address: wish.ip_address!, subnetId: subnet.id })
  return fixedIp(subnet, address.number)
}

function takeFromAny({ transaction, owner }: Place, subnets: readonly Subnet[]): FixedIp {
  for (const subnet of subnets) {
    const number = transaction.numbers.takeAny(subnet.id)
    if (number !== undefined) return fixedIp(subnet, number)
  }
  throw new NetworkingError('IpAddressGenerationFailure', { networkId: owner.network_id })
}

function wishedSubnet({ transaction, owner, subnets }: Place, wish: FixedIpWish): Subnet {
  if (wish.subnet_id !== undefined) {
    const subnet = foundSubnet(transaction, wish.subnet_id)
    if (subnet.network_id === owner.network_id) return subnet
    throw invalidInput(
      `Failed to create port on network ${owner.network_id}, because fixed_ips included invalid subnet ${wish.subnet_id}`,
    )
  }
  const address = addressOf(wish)
  if (!address) throw invalidInput('IP allocation requires subnet_id or ip_address')
  const subnet = subnets.find(({ cidr }) => contains(parseCidr(cidr!)!, address))
  if (!subnet) throw new NetworkingError('InvalidIpForNetwork', { address: wish.ip_address! })
  return subnet
}

const addressOf = ({ ip_address }: FixedIpWish): IpAddress | undefined =>
  ip_address === undefined ? undefined : parseAddress(ip_address)

/** Wishes for a certain address come first, so that a wish for any address does not use it up. */
const preciseFirst = (wishes: readonly FixedIpWish[]) =>
  [...wishes].sort((a, b) => Number(a.ip_address === undefined) - Number(b.ip_address === undefined))

const asksFor = (wish: FixedIpWish, fixed: FixedIp) =>
  (wish.subnet_id ?? wish.ip_address) !== undefined &&
  (wish.subnet_id ?? fixed.subnet_id) === fixed.subnet_id &&
  (wish.ip_address ?? fixed.ip_address) === fixed.ip_address

const fixedIp = (subnet: Subnet, number: bigint): FixedIp => ({
  subnet_id: subnet.id,
  ip_address: formatAddress({ version: subnet.ip_version, number }),
})
