// `node bench/peers.ts [URL]`: how fast a provider answers what oVirt's engine asks, beside the figures of other providers.
// Any provider with the Networking API: with users, PATCHBAY_AUTH_URL, PATCHBAY_USER, PATCHBAY_PASSWORD and
// PATCHBAY_PROJECT say who asks. Without a URL: ours, on OVN. PATCHBAY_PORTS: how many ports there are, 1000 unless said.
// It makes networks of its own, and removes them with all that is in them.
import { createNetworkingClient, type NetworkingClient } from '@patchbay/networking-api/client/client.ts'
import { createHttpClient, type HttpClient } from '@patchbay/networking-api/client/http-client.ts'
import { createTokenSource } from '@patchbay/networking-api/client/identity-client.ts'
import { load } from './load.ts'
import { startOvnProvider } from './ovn-provider.ts'
import { type Phase, peers } from './peer-figures.ts'
import { type Row, report } from './report.ts'

const portsPerNetwork = 1_000
const size = Number(process.env.PATCHBAY_PORTS ?? 1_000)
/** Requests of a phase; a slow provider is done with them, too. */
const count = 100

using own = process.argv[2] === undefined ? await startOvnProvider('127.0.0.1:19699') : undefined
const url = process.argv[2] ?? own!.url
const http = createHttpClient({ timeoutMs: 120_000 })
try {
  const figures = await measure(createNetworkingClient(http, url, tokens(http)))
  report(
    'peers',
    [...figures].flatMap(([phase, ms]) => rowsOf(phase, ms)),
  )
} finally {
  await http.close()
}

function tokens(http: HttpClient) {
  const { PATCHBAY_AUTH_URL: authUrl, PATCHBAY_USER: username = '', PATCHBAY_PASSWORD: password = '' } = process.env
  const { PATCHBAY_PROJECT: tenantName = 'admin' } = process.env
  return authUrl ? createTokenSource(http, { authUrl, username, password, tenantName }) : undefined
}

/** Phase → p50 in ms. */
async function measure(client: NetworkingClient): Promise<Map<Phase, number>> {
  const networks: string[] = []
  const ports: string[] = []
  try {
    await fill(client, networks, ports)
    return await phases(client, networks.at(-1)!, ports)
  } finally {
    await load(4, ports.length, (index) => client.ports.remove(ports[index]!))
    for (const id of networks) await client.networks.remove(id)
  }
}

async function fill(client: NetworkingClient, networks: string[], ports: string[]): Promise<void> {
  while (ports.length < size) {
    const { id } = await client.networks.create({ name: `bench-peers-${networks.length}` })
    networks.push(id)
    await client.subnets.create({ network_id: id, ip_version: 4, cidr: '10.0.0.0/16', gateway_ip: '10.0.0.1' })
    await load(4, Math.min(portsPerNetwork, size - ports.length), (index) => addPort(client, id, ports, index))
  }
}

async function phases(client: NetworkingClient, network: string, ports: string[]): Promise<Map<Phase, number>> {
  const some = (index: number) => ports[(index * 7919) % ports.length]!
  const p50 = async (inFlight: number, times: number, act: (index: number) => Promise<unknown>) =>
    (await load(inFlight, times, act)).p50
  const list = (filters = {}) => client.ports.list(filters)
  return new Map<Phase, number>([
    ['POST port', await p50(1, count, () => addPort(client, network, ports, ports.length))],
    ['POST port c16', await p50(16, count * 4, () => addPort(client, network, ports, ports.length))],
    ['GET ports list', await p50(1, 5, () => list())],
    ['GET ports?device_id', await p50(1, count, (index) => list({ device_id: `bench-${index * 7}` }))],
    ['GET port by id', await p50(1, count, (index) => client.ports.get(some(index)))],
    ['GET port by id c16', await p50(16, count * 4, (index) => client.ports.get(some(index)))],
    ['PUT port', await p50(1, count, (index) => client.ports.update(some(index), { name: `renamed-${index}` }))],
  ])
}

/** As oVirt's engine makes it for a NIC. */
async function addPort(client: NetworkingClient, network_id: string, ports: string[], index: number): Promise<void> {
  const nic = { name: 'nic1', device_id: `bench-${index}`, device_owner: 'oVirt' }
  ports.push((await client.ports.create({ network_id, ...nic })).id)
}

function rowsOf(phase: Phase, ms: number): Row[] {
  const beside = peers.flatMap(({ name, p50 }): Row[] => {
    const theirs = p50[phase][size]
    return theirs === undefined ? [] : [{ what: `  ${name}, as measured once`, value: theirs, unit: 'ms' }]
  })
  return [{ what: `${phase}, p50 @${size}`, value: ms, unit: 'ms' }, ...beside]
}
