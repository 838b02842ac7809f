// What ports may have beyond MAC and addresses, where the data plane can do it: allowed address pairs, DHCP options.

import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import type { AddressPair } from '@patchbay/networking-api/resources/address-pairs.ts'
import type { DhcpOption } from '@patchbay/networking-api/resources/dhcp-options.ts'
import type { Port, PortChange } from '@patchbay/networking-api/resources/ports.ts'
import type { Capabilities } from '../../backends/backend.ts'

const extras = ['allowed_address_pairs', 'extra_dhcp_opts'] as const

/** Nothing is kept that the data plane would not heed. */
export function refuseUnsupported({ portExtras = [], checkDhcpOption }: Capabilities, wanted: PortChange): void {
  const missing = extras.find((name) => wanted[name]?.length && !portExtras.includes(name))
  if (missing) throw new NetworkingError('HTTPNotImplemented', { what: `The attribute '${missing}' of ports` })
  for (const option of wanted.extra_dhcp_opts ?? []) if (option.opt_value !== null) checkDhcpOption?.(option)
}

/** A pair without a MAC means the port's. */
export const completePairs = (pairs: readonly AddressPair[], mac: string): Port['allowed_address_pairs'] =>
  pairs.map(({ ip_address, mac_address = mac }) => ({ ip_address, mac_address }))

/** A port without port security may send from any address: pairs would say nothing. */
export function refuseInsecurePairs(port: Pick<Port, 'allowed_address_pairs' | 'port_security_enabled'>): void {
  if (port.allowed_address_pairs.length > 0 && !port.port_security_enabled)
    throw new NetworkingError('AddressPairAndPortSecurityRequired')
}

/** Options that a change does not name stay; those without a value go. */
export function changedDhcpOptions(current: readonly DhcpOption[], change: readonly DhcpOption[]): DhcpOption[] {
  const options = new Map([...current, ...change].map((option) => [`${option.ip_version} ${option.opt_name}`, option]))
  return [...options.values()].filter(({ opt_value }) => opt_value !== null)
}
