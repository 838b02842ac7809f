// The addresses that ports form from their MAC: every port has one in every subnet of that kind, asked for or
// not; but for those of routers.
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import { eui64Address, formatAddress, parseAddress, parseCidr } from '@patchbay/networking-api/ip.ts'
import type { FixedIp, FixedIpWish, Port } from '@patchbay/networking-api/resources/ports.ts'
import type { Subnet } from '@patchbay/networking-api/resources/subnets.ts'
import type { Transaction } from '../../backends/backend.ts'
import { isServicePort } from '../../backends/facts/service-ports.ts'

export function takeAutoAddress({ numbers }: Transaction, subnet: Subnet, mac: string): FixedIp {
  const ip_address = autoAddressOf(subnet, mac)
  if (!numbers.take(subnet.id, parseAddress(ip_address)!.number))
    throw new NetworkingError('IpAddressAlreadyAllocated', { address: ip_address, subnetId: subnet.id })
  return { subnet_id: subnet.id, ip_address }
}

/** A wish in such a subnet can only be for the address that the port has there anyhow. */
export function checkAutoWish(subnet: Subnet, mac: string, { ip_address }: FixedIpWish): void {
  if (ip_address !== undefined && ip_address !== autoAddressOf(subnet, mac))
    throw new NetworkingError('AllocationOnAutoAddressSubnet', { address: ip_address, subnetId: subnet.id })
}

/** Gives the ports of the network their address in a new subnet. */
export function addAutoAddresses(transaction: Transaction, subnet: Subnet, now: string): void {
  readdress(transaction, subnet, now, (port) => [
    ...port.fixed_ips,
    takeAutoAddress(transaction, subnet, port.mac_address),
  ])
}

/** Takes the addresses in a subnet that goes away from the ports that have them. */
export function removeAutoAddresses(transaction: Transaction, subnet: Subnet, now: string): void {
  readdress(transaction, subnet, now, (port) => port.fixed_ips.filter(({ subnet_id }) => subnet_id !== subnet.id))
}

function readdress(
  { ports }: Transaction,
  { network_id }: Subnet,
  now: string,
  change: (port: Port) => readonly FixedIp[],
): void {
  for (const port of ports.find('network_id', network_id).filter((each) => !isServicePort(each)))
    ports.update({
      ...port,
      fixed_ips: change(port),
      updated_at: now,
      revision_number: port.revision_number + 1,
    })
}

const autoAddressOf = ({ cidr }: Subnet, mac: string) => formatAddress(eui64Address(parseCidr(cidr)!, mac))
