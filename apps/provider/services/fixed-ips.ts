// The addresses of a port: which wishes are possible, and the taking and giving back of addresses.
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import { contains, formatAddress, type IpAddress, parseAddress, parseCidr } from '@patchbay/networking-api/ip.ts'
import type { FixedIp, FixedIpWish } from '@patchbay/networking-api/ports.ts'
import type { Subnet } from '@patchbay/networking-api/subnets.ts'
import type { Transaction } from '../backends/backend.ts'
import { isHost, rangeOf } from './subnet-addressing.ts'
import { found as foundSubnet } from './subnets.ts'

const maxPerPort = 5

/** Takes the addresses for a new port: those wished for, or one of the first subnet that has one left. */
export function takeFixedIps(
  transaction: Transaction,
  networkId: string,
  wishes: readonly FixedIpWish[] | undefined,
): FixedIp[] {
  const subnets = transaction.subnets.find('network_id', networkId)
  if (wishes === undefined) return subnets.length === 0 ? [] : [takeFromAny(transaction, networkId, subnets)]
  if (wishes.length > maxPerPort)
    throw new NetworkingError('InvalidInput', { reason: 'Exceeded maximum amount of fixed ips per port' })
  return wishes.map((wish) => takeWished(transaction, networkId, subnets, wish))
}

/** Changes a port's addresses to those wished for; what it has already and wishes again stays as it is. */
export function replaceFixedIps(
  transaction: Transaction,
  networkId: string,
  current: readonly FixedIp[],
  wishes: readonly FixedIpWish[],
): FixedIp[] {
  const kept = current.filter((fixed) => wishes.some((wish) => asksFor(wish, fixed)))
  releaseFixedIps(
    transaction,
    current.filter((fixed) => !kept.includes(fixed)),
  )
  const open = wishes.filter((wish) => !kept.some((fixed) => asksFor(wish, fixed)))
  return [...kept, ...takeFixedIps(transaction, networkId, open)]
}

export function releaseFixedIps({ numbers, subnets }: Transaction, fixedIps: readonly FixedIp[]): void {
  for (const { subnet_id, ip_address } of fixedIps) {
    const pools = foundSubnet(subnets.get(subnet_id), subnet_id).allocation_pools
    numbers.release(subnet_id, parseAddress(ip_address)!.number, pools.map(rangeOf))
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
    const subnet = foundSubnet(transaction.subnets.get(wish.subnet_id), wish.subnet_id)
    if (subnet.network_id === networkId) return subnet
    throw new NetworkingError('InvalidInput', {
      reason: `Failed to create port on network ${networkId}, because fixed_ips included invalid subnet ${wish.subnet_id}`,
    })
  }
  if (!address) throw new NetworkingError('InvalidInput', { reason: 'IP allocation requires subnet_id or ip_address' })
  const subnet = subnets.find(({ cidr }) => contains(parseCidr(cidr!)!, address))
  if (!subnet) throw new NetworkingError('InvalidIpForNetwork', { address: wish.ip_address! })
  return subnet
}

const asksFor = (wish: FixedIpWish, fixed: FixedIp) =>
  (wish.subnet_id ?? fixed.subnet_id) === fixed.subnet_id && (wish.ip_address ?? fixed.ip_address) === fixed.ip_address

const fixedIp = (subnet: Subnet, number: bigint): FixedIp => ({
  subnet_id: subnet.id,
  ip_address: formatAddress({ version: subnet.ip_version, number }),
})
