// The addresses of a port: which wishes are possible, and the taking and giving back of addresses.
import { invalidInput, NetworkingError } from '@patchbay/networking-api/errors.ts'
import { contains, formatAddress, type IpAddress, parseAddress, parseCidr } from '@patchbay/networking-api/ip.ts'
import type { FixedIp, FixedIpWish } from '@patchbay/networking-api/ports.ts'
import type { Subnet } from '@patchbay/networking-api/subnets.ts'
import type { Transaction } from '../backends/backend.ts'
import { foundSubnet } from './found.ts'
import { isHost, rangeOf } from './subnet-addressing.ts'

const maxPerPort = 5

/** Takes the addresses for a new port: those wished for, or one of the first subnet that has one left. */
export function takeFixedIps(
  transaction: Transaction,
  networkId: string,
  wishes: readonly FixedIpWish[] | undefined,
): FixedIp[] {
  const subnets = transaction.subnets.find('network_id', networkId)
  if (wishes === undefined) return subnets.length === 0 ? [] : [takeFromAny(transaction, networkId, subnets)]
  refuseTooMany(wishes)
  const taken = new Map<FixedIpWish, FixedIp>()
  for (const wish of preciseFirst(wishes)) taken.set(wish, takeWished(transaction, networkId, subnets, wish))
  return wishes.map((wish) => taken.get(wish)!)
}

/** Changes a port's addresses to those wished for, one for each wish; what it has already and wishes again stays. */
export function replaceFixedIps(
  transaction: Transaction,
  networkId: string,
  current: readonly FixedIp[],
  wishes: readonly FixedIpWish[],
): FixedIp[] {
  refuseTooMany(wishes)
  const dropped = [...current]
  const open: FixedIpWish[] = []
  for (const wish of preciseFirst(wishes)) {
    const at = dropped.findIndex((fixed) => asksFor(wish, fixed))
    if (at === -1) open.push(wish)
    else dropped.splice(at, 1)
  }
  releaseFixedIps(transaction, dropped)
  const kept = current.filter((fixed) => !dropped.includes(fixed))
  return [...kept, ...takeFixedIps(transaction, networkId, open)]
}

function refuseTooMany(wishes: readonly FixedIpWish[]): void {
  if (wishes.length > maxPerPort) throw invalidInput('Exceeded maximum amount of fixed ips per port')
}

export function releaseFixedIps(transaction: Transaction, fixedIps: readonly FixedIp[]): void {
  for (const { subnet_id, ip_address } of fixedIps) {
    const pools = foundSubnet(transaction, subnet_id).allocation_pools
    transaction.numbers.release(subnet_id, parseAddress(ip_address)!.number, pools.map(rangeOf))
  }
}

function takeFromAny({ numbers }: Transaction, networkId: string, subnets: readonly Subnet[]): FixedIp {
  for (const subnet of subnets) {
    const number = numbers.takeAny(subnet.id)
    if (number !== undefined) return fixedIp(subnet, number)
  }
  throw new NetworkingError('IpAddressGenerationFailure', { networkId })
}

function takeWished(
  transaction: Transaction,
  networkId: string,
  subnets: readonly Subnet[],
  wish: FixedIpWish,
): FixedIp {
  const address = wish.ip_address === undefined ? undefined : parseAddress(wish.ip_address)!
  const subnet = wishedSubnet(transaction, networkId, subnets, wish, address)
  if (!address) return takeFromAny(transaction, networkId, [subnet])
  if (!isHost(parseCidr(subnet.cidr!)!, address))
    throw new NetworkingError('InvalidIpForSubnet', { address: wish.ip_address! })
  if (!transaction.numbers.take(subnet.id, address.number))
    throw new NetworkingError('IpAddressAlreadyAllocated', { address: wish.ip_address!, subnetId: subnet.id })
  return fixedIp(subnet, address.number)
}

function wishedSubnet(
  transaction: Transaction,
  networkId: string,
  subnets: readonly Subnet[],
  wish: FixedIpWish,
  address: IpAddress | undefined,
): Subnet {
  if (wish.subnet_id !== undefined) {
    const subnet = foundSubnet(transaction, wish.subnet_id)
    if (subnet.network_id === networkId) return subnet
    throw invalidInput(
      `Failed to create port on network ${networkId}, because fixed_ips included invalid subnet ${wish.subnet_id}`,
    )
  }
  if (!address) throw invalidInput('IP allocation requires subnet_id or ip_address')
  const subnet = subnets.find(({ cidr }) => contains(parseCidr(cidr!)!, address))
  if (!subnet) throw new NetworkingError('InvalidIpForNetwork', { address: wish.ip_address! })
  return subnet
}

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
