// What the end-to-end tests begin with: a constellation with a network that VMs of two hosts can use, and a gate through
// which pass the engine's calls to provider and hosts, and those of the hosts' drivers to the provider.

import type { LabHost } from '../lab/hosts/lab-host.ts'
import { UNDERLAY_LINK } from '../lab/hosts/lab-network.ts'
import { type Constellation, type Service, startConstellation } from '../lab/services/constellation.ts'
import type { EngineApi } from '../lab/services/engine-api.ts'
import { addCluster, addHosts, addProvider, importNetwork } from '../lab/services/engine-scene.ts'
import type { ProviderApi } from '../lab/services/provider-api.ts'
import { until } from '../lab/until.ts'
import { createGate, type Gate } from './gate.ts'
import { startHttpProxy, startVdsmProxy } from './proxies.ts'

export interface Bed extends AsyncDisposable {
  readonly constellation: Constellation
  readonly engine: EngineApi
  readonly provider: ProviderApi
  /** By name: `engine`, `provider`, `host-a`, `host-b`. */
  readonly services: Readonly<Record<string, Service>>
  /** `engine → provider: …`, `engine → host-a: …`, `host-a → provider: …`: all calls between the parts. */
  readonly gate: Gate
  readonly dataCenterId: string
  readonly clusterId: string
  readonly providerId: string
  /** Of the network that all use, on the provider. */
  readonly externalId: string
  readonly networkId: string
  readonly profileId: string
  /** Resolves when no workflow is recorded and all hosts are up. */
  settled(): Promise<void>
}

type AgentOptions = (host: LabHost, drivers: readonly object[]) => object

const hostNames = ['host-a', 'host-b']
const proxyPorts = {
  provider: 19_696,
  identity: 19_357,
  driverProvider: 29_696,
  driverIdentity: 29_357,
  agents: 20_011,
}
const settleTimeoutMs = 120_000

/** `agent`: more options of each host's agent; `drivers` are those it has anyway. */
export async function startBed(agent: AgentOptions = () => ({})): Promise<Bed> {
  await using started = new AsyncDisposableStack()
  const constellation = started.use(
    await startConstellation({
      hosts: hostNames,
      agent: (host) => ({ drivers: gatedDrivers(host), ...agent(host, gatedDrivers(host)) }),
    }),
  )
  const { lab, engine, provider, services } = constellation
  const gate = createGate()
  const fromEngine = () => 'engine → provider'
  const fromHost = (from: string) => `${lab.hosts.find(({ address }) => address === from)?.name} → provider`
  const at = (port: number, host = lab.address) => ({ host, port })
  const proxies = [
    startHttpProxy(at(proxyPorts.provider), at(9696), gate, fromEngine),
    startHttpProxy(at(proxyPorts.identity), at(35_357), gate, fromEngine),
    startHttpProxy(at(proxyPorts.driverProvider), at(9696), gate, fromHost),
    startHttpProxy(at(proxyPorts.driverIdentity), at(35_357), gate, fromHost),
    ...lab.hosts.map(({ name, address }, index) =>
      startVdsmProxy(
        at(proxyPorts.agents + index),
        at(agentPort, address),
        gate,
        `engine → ${name}`,
        addressesOf(constellation),
      ),
    ),
  ]
  for (const proxy of proxies) started.use(await proxy)
  const scene = await setScene(constellation)
  const settled = async () => {
    await untilSettled(constellation)
    // After failures the engine leaves a provider alone for a while; a test of it is always made, and ends that.
    await engine.send('POST', `/openstacknetworkproviders/${scene.providerId}/testconnectivity`)
  }
  await settled()
  const stack = started.move()
  return {
    constellation,
    engine,
    provider,
    services,
    gate,
    ...scene,
    settled,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

const agentPort = 54_321

/** The linux-bridge driver as the laboratory has it, except that its provider is behind a proxy, and asked in calls only. */
function gatedDrivers(host: LabHost): object[] {
  const root = host.address.replace(/\d+$/, '1')
  const provider = {
    url: `http://${root}:${proxyPorts.driverProvider}`,
    'auth-url': `http://${root}:${proxyPorts.driverIdentity}/v2.0`,
    username: 'admin',
    'password-file': `${host.dir}/password`,
  }
  return [{ driver: 'linux-bridge', options: { underlay: UNDERLAY_LINK, refresh: 0, provider } }]
}

const addressesOf = ({ lab }: Constellation) =>
  new Map(
    lab.hosts.map(({ address }, index) => [`${lab.address}:${proxyPorts.agents + index}`, `${address}:${agentPort}`]),
  )

async function setScene({ lab, engine, provider, password }: Constellation) {
  const place = await addCluster(engine, 'dc')
  await addHosts(
    engine,
    place.clusterId,
    lab.hosts.map(({ name }, index) => ({ name, address: lab.address, port: String(proxyPorts.agents + index) })),
  )
  const providerId = await addProvider(engine, {
    url: `http://${lab.address}:${proxyPorts.provider}`,
    authenticationUrl: `http://${lab.address}:${proxyPorts.identity}/v2.0`,
    password,
  })
  const { id: externalId } = await provider.networks.create({ name: 'blue' })
  await provider.subnets.create({ name: 'blue-v4', network_id: externalId, ip_version: 4, cidr: '10.0.0.0/24' })
  return { ...place, providerId, externalId, ...(await importNetwork(engine, place, { providerId, externalId })) }
}

async function untilSettled({ engine, urls }: Constellation): Promise<void> {
  let seen = ''
  const isSettled = async () => {
    const metrics = await (await fetch(new URL('/metrics', urls.engine))).text()
    seen = metrics
      .split('\n')
      .filter((line) => /^engine_(workflows|hosts)\{/.test(line))
      .join('\n')
    return !seen.includes('engine_workflows') && (await engine.list('/hosts')).every(({ status }) => status === 'up')
  }
  if (!(await until(isSettled, settleTimeoutMs, 20)))
    throw new Error(`not settled after ${settleTimeoutMs / 1000} s:\n${seen}`)
}
