// What the driver asks the provider: where a port belongs. And what it tells: where the port is wired.
import { createNetworkingClient, type NetworkingClient } from '@patchbay/networking-api/client/client.ts'
import { createHttpClient } from '@patchbay/networking-api/client/http-client.ts'
import { createTokenSource } from '@patchbay/networking-api/client/identity-client.ts'
import { ProviderError } from '@patchbay/networking-api/client/provider-error.ts'
import type { Network } from '@patchbay/networking-api/resources/networks.ts'
import { DriverError } from '@patchbay/vif-driver/driver-error.ts'
import type { Attachment } from '../attachments.ts'
import { type ServedSubnet, servedSubnets } from '../dhcp/served-subnets.ts'
import type { Segment } from '../network/segment.ts'
import type { LinuxBridgeOptions } from '../options.ts'

export interface PortFacts {
  readonly attachment: Attachment
  readonly segment: Segment
  readonly subnets: readonly ServedSubnet[]
}

export interface ProviderSide {
  /** Throws a DriverError: invalid-request, port-not-found, unsupported, provider-unavailable. */
  factsOf(portId: string): Promise<PortFacts>
  /** A port that is gone at the provider is not wired either: success. */
  setWired(portId: string, hostId: string, wired: boolean): Promise<void>
}

export function createProviderSide({
  url,
  authUrl,
  username,
  password,
  ca,
  timeoutMs,
}: LinuxBridgeOptions['provider']): ProviderSide {
  const http = createHttpClient({ ca, timeoutMs, connectTimeoutMs: timeoutMs })
  const client = createNetworkingClient(
    http,
    url,
    authUrl ? createTokenSource(http, { authUrl, username, password }) : undefined,
  )
  return {
    factsOf: (portId) => translated(portId, () => lookUp(client, portId)),
    setWired: (portId, hostId, wired) =>
      translated(portId, async () => {
        const wire = `/ports/${encodeURIComponent(portId)}/wires/${encodeURIComponent(hostId)}`
        try {
          await client.send(wired ? 'PUT' : 'DELETE', wire)
        } catch (error) {
          if (wired || !isNotFound(error)) throw error
        }
      }),
  }
}

async function lookUp(client: NetworkingClient, portId: string): Promise<PortFacts> {
  // Ids become parts of names of links, files and nft chains.
  if (!/^[\w-]{1,64}$/.test(portId)) throw new DriverError('invalid-request', `vnic_id "${portId}" is no id of a port`)
  const port = await client.ports.get(portId)
  const { network_id: networkId, mac_address: mac } = port
  if (networkId === undefined || mac === undefined)
    throw new DriverError('provider-unavailable', `the provider answered port ${portId} without network or MAC address`)
  const [network, subnets] = await Promise.all([
    client.networks.get(networkId),
    client.subnets.list({ network_id: networkId }),
  ])
  if (port.admin_state_up === false)
    throw new DriverError(
      'unsupported',
      `port ${portId} is administratively down; set its admin_state_up to true first`,
    )
  return {
    attachment: {
      portId,
      networkId,
      mac,
      fixedIps: port.fixed_ips ?? [],
      allowedPairs: port.allowed_address_pairs ?? [],
      portSecurity: port.port_security_enabled ?? false,
    },
    segment: toSegment(network),
    subnets: servedSubnets(subnets),
  }
}

function toSegment(network: { readonly id: string } & Partial<Network>): Segment {
  const { id, mtu, 'provider:network_type': type, 'provider:segmentation_id': vni } = network
  if (type !== 'vxlan' || vni == null)
    throw new DriverError(
      'unsupported',
      `network ${id} is of type ${type ?? 'unknown'}; this driver carries vxlan networks`,
    )
  return { networkId: id, vni, mtu: mtu ?? 1450 }
}

async function translated<Result>(portId: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (isNotFound(error))
      throw new DriverError('port-not-found', `the provider knows no port ${portId}: ${(error as Error).message}`, {
        cause: error,
      })
    if (error instanceof ProviderError) throw new DriverError('provider-unavailable', error.message, { cause: error })
    throw error
  }
}

const isNotFound = (error: unknown) => error instanceof ProviderError && error.status === 404
