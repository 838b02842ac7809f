// Our addition to the API: by which address the hosts of a provider reach each other's networks.
import { NetworkingError } from '../errors.ts'
import { parseUpdate, type ResourceType, readOnly, writable } from '../resource.ts'
import { ipAddress } from './kinds.ts'
import { hostId } from './port-bindings.ts'

export interface TunnelEndpoint {
  /** As in `binding:host_id`. */
  readonly host: string
  readonly ip_address: string
}

export const tunnelEndpointType = {
  singular: 'tunnel_endpoint',
  plural: 'tunnel_endpoints',
  attributes: { host: readOnly(hostId), ip_address: writable(ipAddress) },
} as const satisfies ResourceType

/** Reads `{"tunnel_endpoint": {"ip_address": "192.0.2.1"}}` of this host. Throws a NetworkingError. */
export function parseTunnelEndpoint(host: string, body: unknown): TunnelEndpoint {
  const { ip_address } = parseUpdate(tunnelEndpointType, body)
  if (ip_address === undefined)
    throw new NetworkingError('HTTPBadRequest', { reason: 'A tunnel endpoint has an ip_address' })
  return { host: hostId.parse(host, 'host'), ip_address }
}
