// What routers have in OVN, as it follows from the resources: their ports, routes and translations.
import { parseAddress, parseCidr } from '@patchbay/networking-api/ip.ts'
import { type Port, portOwners } from '@patchbay/networking-api/resources/ports.ts'
import type { Router } from '@patchbay/networking-api/resources/routers.ts'
import type { Subnet } from '@patchbay/networking-api/resources/subnets.ts'
import type { State } from '../../backend.ts'
import { gatewayPortOf, interfacesOf, subnetsOf } from '../../facts/router-ports.ts'
import type { Image } from './image.ts'

export interface RouteColumns {
  readonly ip_prefix: string
  readonly nexthop: string
}

export interface NatColumns {
  readonly type: 'snat' | 'dnat_and_snat'
  readonly external_ip: string
  readonly logical_ip: string
  /** With the MAC address: translated on the host of the port, and not on that of the gateway. */
  readonly logical_port: string | null
  readonly external_mac: string | null
}

/** The router's side of a port. */
export function routerPortImage(state: State, port: Port): Image {
  const subnets = subnetsOf(state, port)
  const prefixLength = (index: number) => parseCidr(subnets[index]!.cidr!)!.prefixLength
  const isInside = port.device_owner === portOwners.interface
  return {
    columns: {
      mac: port.mac_address,
      networks: port.fixed_ips.map(({ ip_address }, index) => `${ip_address}/${prefixLength(index)}`),
      enabled: port.admin_state_up,
    },
    maps: { ipv6_ra_configs: isInside ? announcement(subnets, state.networks.get(port.network_id)?.mtu ?? 0) : {} },
  }
}

/** What the router tells the guests of IPv6 subnets: OVN says one thing for all subnets of a port. */
function announcement(subnets: readonly Subnet[], mtu: number): Record<string, string> {
  const mode = subnets.find(({ ipv6_ra_mode }) => ipv6_ra_mode !== null)?.ipv6_ra_mode
  return mode ? { address_mode: mode.replaceAll('-', '_'), send_periodic: 'true', mtu: String(mtu) } : {}
}

/** Besides the router's own routes. */
export function gatewayRoutes(state: State, router: Router): RouteColumns[] {
  const port = gatewayPortOf(state, router)
  const gateways = port ? subnetsOf(state, port).flatMap(({ gateway_ip }) => gateway_ip ?? []) : []
  return gateways.map((nexthop) => ({ ip_prefix: nexthop.includes(':') ? '::/0' : '0.0.0.0/0', nexthop }))
}

export function translations(state: State, router: Router): NatColumns[] {
  const external_ip = gatewayPortOf(state, router)
    ?.fixed_ips.map(({ ip_address }) => ip_address)
    .find(isIpv4)
  const inside = interfacesOf(state, router.id)
    .flatMap((port) => subnetsOf(state, port))
    .filter(({ ip_version }) => ip_version === 4)
  const hiding =
    router.enable_snat && external_ip !== undefined
      ? inside.map(({ cidr }) => ({
          type: 'snat' as const,
          external_ip,
          logical_ip: cidr!,
          logical_port: null,
          external_mac: null,
        }))
      : []
  return [...hiding, ...floating(state, router)]
}

function floating({ floatingIps, ports }: State, { id }: Router): NatColumns[] {
  return floatingIps.find('router_id', id).flatMap((floatingIp) => {
    const { port_id, fixed_ip_address, floating_ip_address: external_ip } = floatingIp
    const own = ports.get(floatingIp.id)
    if (port_id === null || fixed_ip_address === null || !own || !ports.get(port_id)) return []
    return {
      type: 'dnat_and_snat',
      external_ip,
      logical_ip: fixed_ip_address,
      logical_port: port_id,
      external_mac: own.mac_address,
    }
  })
}

const isIpv4 = (address: string) => parseAddress(address)?.version === 4
