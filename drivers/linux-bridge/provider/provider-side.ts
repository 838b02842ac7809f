// What the driver asks the provider: where a port belongs. And what it tells: where the port is wired.
import { createNetworkingClient, type NetworkingClient } from '@patchbay/networking-api/client/client.ts'
import { createHttpClient } from '@patchbay/networking-api/client/http-client.ts'
import { createTokenSource } from '@patchbay/networking-api/client/identity-client.ts'
import { ProviderError } from '@patchbay/networking-api/client/provider-error.ts'
import type { Network } from '@patchbay/networking-api/resources/networks.ts'
import type { TunnelEndpoint } from '@patchbay/networking-api/resources/tunnel-endpoints.ts'
import { DriverError } from '@patchbay/vif-driver/driver-error.ts'
import { servedSubnets } from '../dhcp/served-subnets.ts'
import type { Segment } from '../network/segment.ts'
import type { LinuxBridgeOptions } from '../options.ts'
import { type NetworkFacts, type NetworkOnHost, type PortFacts, permitsOf } from './facts.ts'

export interface ProviderSide {
  /** Throws a DriverError: invalid-request, port-not-found, unsupported, provider-unavailable. */
  factsOf(portId: string): Promise<PortFacts>
  /** What a network is now. Throws as `factsOf` does. */
  networkOf(networkId: string): Promise<NetworkFacts>
  /** Says where this host is. A provider that does not know of such things is no error. */
  announce(hostId: string, address: string): Promise<unknown>
  /** A port that is gone at the provider is not wired either: success. */
  setWired(portId: string, hostId: string, wired: boolean): Promise<unknown>
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
    factsOf: (portId) => translated(`port ${portId}`, () => lookUp(client, portId)),
    networkOf: (networkId) => translated(`network ${networkId}`, () => lookAt(client, networkId)),
    announce: (hostId, address) =>
      translated(`host ${hostId}`, () =>
        unlessMissing(
          client.send('PUT', `/tunnel-endpoints/${encodeURIComponent(hostId)}`, {
            tunnel_endpoint: { ip_address: address },
          }),
        ),
      ),
    setWired: (portId, hostId, wired) =>
      translated(`port ${portId}`, () => {
        const told = client.send(
          wired ? 'PUT' : 'DELETE',
          `/ports/${encodeURIComponent(portId)}/wires/${encodeURIComponent(hostId)}`,
        )
        return wired ? told : unlessMissing(told)
      }),
  }
}

/** Ids become parts of names of links, files and nft chains. */
export const isPortId = (text: string): boolean => /^[\w-]{1,64}$/.test(text)

async function lookUp(client: NetworkingClient, portId: string): Promise<PortFacts> {
  if (!isPortId(portId)) throw new DriverError('invalid-request', `vnic_id "${portId}" is no id of a port`)
  const port = await client.ports.get(portId)
  const { network_id: networkId, mac_address: mac } = port
  if (networkId === undefined || mac === undefined)
    throw new DriverError('provider-unavailable', `the provider answered port ${portId} without network or MAC address`)
  if (port.admin_state_up === false)
    throw new DriverError(
      'unsupported',
      `port ${portId} is administratively down; set its admin_state_up to true first`,
    )
  const attachment = { portId, networkId, mac, ...permitsOf(port) }
  return { attachment, ...(await lookUpNetwork(client, networkId)) }
}

async function lookUpNetwork(client: NetworkingClient, networkId: string): Promise<NetworkOnHost> {
  const [network, subnets] = await Promise.all([
    client.networks.get(networkId),
    client.subnets.list({ network_id: networkId }),
  ])
  return { segment: toSegment(network), subnets: servedSubnets(subnets) }
}

async function lookAt(client: NetworkingClient, networkId: string): Promise<NetworkFacts> {
  const [network, ports, endpoints] = await Promise.all([
    lookUpNetwork(client, networkId),
    client.ports.list({ network_id: networkId }),
    unlessMissing(client.send('GET', '/tunnel-endpoints')),
  ])
  return { ...network, ports, endpoints: endpointsIn(endpoints) }
}

/** Host → address. */
function endpointsIn(answer: unknown): Map<string, string> {
  const { tunnel_endpoints: told = [] } = (answer ?? {}) as { tunnel_endpoints?: readonly TunnelEndpoint[] }
  return new Map(told.map(({ host, ip_address }) => [host, ip_address]))
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

async function translated<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (isNotFound(error))
      throw new DriverError('port-not-found', `the provider knows no ${what}: ${(error as Error).message}`, {
        cause: error,
      })
    if (error instanceof ProviderError) throw new DriverError('provider-unavailable', error.message, { cause: error })
    throw error
  }
}

const isNotFound = (error: unknown) => error instanceof ProviderError && error.status === 404

const unlessMissing = (answer: Promise<unknown>): Promise<unknown> =>
  answer.catch((error) => {
    if (!isNotFound(error)) throw error
  })
