// How the ports of an IPv6 subnet come to their addresses: `ipv6_ra_mode` (what routers announce) and
// `ipv6_address_mode` (what the provider does), in the combinations that Neutron takes.
import { invalidInput } from '@patchbay/networking-api/errors.ts'
import type { Cidr } from '@patchbay/networking-api/ip.ts'
import type { Subnet, SubnetChange, SubnetDraft } from '@patchbay/networking-api/resources/subnets.ts'

type Modes = Pick<Subnet, 'ipv6_ra_mode' | 'ipv6_address_mode'>

/** Whether ports form their address from their MAC (SLAAC, RFC 4862) instead of getting one from a pool. */
export const isAutoAddressed = ({ ipv6_ra_mode, ipv6_address_mode }: Modes): boolean =>
  [ipv6_ra_mode, ipv6_address_mode].some((mode) => mode === 'slaac' || mode === 'dhcpv6-stateless')

/** The modes of a new subnet. Throws for those that cannot be. */
export function checkedModes(draft: SubnetDraft, cidr: Cidr): Modes {
  const modes: Modes = {
    ipv6_ra_mode: draft.ipv6_ra_mode ?? null,
    ipv6_address_mode: draft.ipv6_address_mode ?? null,
  }
  if (!hasMode(modes)) return modes
  if (draft.ip_version === 4)
    throw invalidInput('ipv6_ra_mode or ipv6_address_mode cannot be set when ip_version is set to 4')
  if (!draft.enable_dhcp)
    throw invalidInput('ipv6_ra_mode or ipv6_address_mode cannot be set when enable_dhcp is set to False')
  const { ipv6_ra_mode: ra, ipv6_address_mode: address } = modes
  if (ra !== null && address !== null && ra !== address)
    throw invalidInput(
      `ipv6_ra_mode set to '${ra}' with ipv6_address_mode set to '${address}' is not valid. If both attributes are set, they must be the same value`,
    )
  if (isAutoAddressed(modes) && cidr.prefixLength !== 64)
    throw invalidInput(
      `Invalid CIDR ${draft.cidr} for IPv6 address mode. OpenStack uses the EUI-64 address format, which requires the prefix to be /64`,
    )
  return modes
}

/** Without DHCP the modes would say nothing. */
export function refuseDhcpOffWithModes(before: Modes, { enable_dhcp }: SubnetChange): void {
  if (enable_dhcp === false && hasMode(before))
    throw invalidInput('Cannot disable enable_dhcp with ipv6 attributes set')
}

const hasMode = ({ ipv6_ra_mode, ipv6_address_mode }: Modes) => ipv6_ra_mode !== null || ipv6_address_mode !== null
