// What the driver knows of a port and its network from the provider.
import type { Answered } from '@patchbay/networking-api/client/client.ts'
import type { Port } from '@patchbay/networking-api/resources/ports.ts'
import type { Attachment } from '../attachments.ts'
import type { ServedSubnet } from '../dhcp/served-subnets.ts'
import type { Segment } from '../network/segment.ts'

export interface NetworkOnHost {
  readonly segment: Segment
  readonly subnets: readonly ServedSubnet[]
}

export interface PortFacts extends NetworkOnHost {
  readonly attachment: Attachment
}

export interface NetworkFacts extends NetworkOnHost {
  readonly ports: readonly Answered<Port>[]
  /** Host → address at which it takes frames of the network. */
  readonly endpoints: ReadonlyMap<string, string>
}

/** From where the port may send. */
export const permitsOf = (port: Answered<Port>) => ({
  fixedIps: port.fixed_ips ?? [],
  allowedPairs: port.allowed_address_pairs ?? [],
  portSecurity: port.port_security_enabled ?? false,
})
