// What every tale about the engine begins with: a cluster of hosts, a provider, and a network of it to plug vNICs into.

import { until } from '../until.ts'
import type { EngineApi } from './engine-api.ts'

export interface Place {
  readonly dataCenterId: string
  readonly clusterId: string
}

export interface ProviderAddress {
  readonly url: string
  readonly authenticationUrl: string
  /** Default: admin. */
  readonly username?: string
  readonly password: string
  /** Of the driver that connects its NICs. Default: the linux-bridge driver's. */
  readonly pluginType?: string
}

const hostsTimeoutMs = 60_000

export async function addCluster(engine: EngineApi, name: string): Promise<Place> {
  const { id: dataCenterId } = await engine.post('/datacenters', { name })
  const { id: clusterId } = await engine.post('/clusters', { name, data_center: { id: dataCenterId } })
  return { dataCenterId, clusterId }
}

/** Resolves when they are up. */
export async function addHosts(
  engine: EngineApi,
  clusterId: string,
  hosts: readonly { readonly name: string; readonly address: string; readonly port?: string }[],
): Promise<void> {
  for (const host of hosts) await engine.post('/hosts', { ...host, cluster: { id: clusterId } })
  const areUp = async () => (await engine.list('/hosts')).every(({ status }) => status === 'up')
  if (!(await until(areUp, hostsTimeoutMs, 20)))
    throw new Error(`not all hosts are up: ${JSON.stringify(await engine.list('/hosts'))}`)
}

/** The laboratory's provider under the name sdn. Answers its id. */
export async function addProvider(
  engine: EngineApi,
  { url, authenticationUrl, username = 'admin', password, pluginType = 'LINUX_BRIDGE' }: ProviderAddress,
): Promise<string> {
  const { id } = await engine.post('/openstacknetworkproviders', {
    name: 'sdn',
    type: 'external',
    url,
    requires_authentication: 'true',
    username,
    password,
    authentication_url: authenticationUrl,
    external_plugin_type: pluginType,
    read_only: 'false',
  })
  return id
}

/** Imports a network of the provider and attaches it to the cluster. */
export async function importNetwork(
  engine: EngineApi,
  { dataCenterId, clusterId }: Place,
  external: { readonly providerId: string; readonly externalId: string },
): Promise<{ networkId: string; profileId: string }> {
  const known = new Set((await engine.list('/networks')).map(({ id }) => id))
  const path = `/openstacknetworkproviders/${external.providerId}/networks/${external.externalId}/import`
  await engine.post(path, { data_center: { id: dataCenterId } })
  const { id: networkId } = (await engine.list('/networks')).find(({ id }) => !known.has(id))
  await engine.post(`/clusters/${clusterId}/networks`, { id: networkId, required: 'false' })
  const [profile] = await engine.list(`/networks/${networkId}/vnicprofiles`)
  return { networkId, profileId: profile.id }
}
