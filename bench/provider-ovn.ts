// The provider on OVN's northbound database, beside a bare OVSDB connection and a bare HTTP server that commit the same rows,
// at 1,000, 10,000 and 100,000 ports. The bare ones have no guards, and the provider follows what they do, as it would
// another provider. Load, provider and database share the cores: the processor time of a request says more than rates do.
import { createNetworkingClient, type NetworkingClient } from '@patchbay/networking-api/client/client.ts'
import { createHttpClient } from '@patchbay/networking-api/client/http-client.ts'
import { bareHttp } from './bare/http-ovsdb.ts'
import { type BareRates, barePorts } from './bare/ovsdb-ports.ts'
import { type Load, load } from './load.ts'
import { type CpuMs, startOvnProvider } from './ovn-provider.ts'
import { type Row, report } from './report.ts'

const sizes = [1_000, 10_000, 100_000]
const portsPerNetwork = 1_000
/** All of so many ports are listed. */
const listed = 10_000

using provider = await startOvnProvider('127.0.0.1:19698')
const { url, database } = provider
const http = createHttpClient()
try {
  process.exitCode = (await measure(createNetworkingClient(http, url))) ? 0 : 1
} finally {
  await http.close()
}

/** `cpu`: of one request. */
type Writes = Load & { readonly cpu: CpuMs }

interface AtSize {
  readonly size: number
  readonly byDevice: Load
  readonly byId: Load
  readonly busy: Load
  readonly post: Writes
  readonly put: Writes
  readonly remove: Writes
  readonly bare: BareRates
  readonly bareHttp: BareRates
  /** Of 10,000 ports, at that size. */
  readonly listMs: number | undefined
  readonly residentMb: number
  readonly startS: number
}

async function measure(client: NetworkingClient): Promise<boolean> {
  const networks: string[] = []
  const ids: string[] = []
  const figures: AtSize[] = []
  for (const size of sizes) {
    await fill(client, networks, ids, size)
    figures.push(await at(client, networks, ids, size))
    console.log(`  measured at ${size} ports`)
  }
  return report(
    'provider-ovn',
    figures.flatMap((now) => rowsOf(now, figures[0]!)),
  )
}

/** In requests of 500 ports, so that filling takes less than measuring. */
async function fill(client: NetworkingClient, networks: string[], ids: string[], size: number): Promise<void> {
  while (ids.length < size) {
    if (ids.length >= networks.length * portsPerNetwork) {
      const { id } = await client.networks.create({ name: `bench-${networks.length}` })
      await client.subnets.create({ network_id: id, ip_version: 4, cidr: '10.0.0.0/16' })
      networks.push(id)
    }
    const ports = Array.from({ length: 500 }, (_, index) => nic(networks.at(-1)!, ids.length + index))
    const answer = (await client.send('POST', '/ports', { ports })) as { ports: { id: string }[] }
    ids.push(...answer.ports.map(({ id }) => id))
  }
}

async function at(client: NetworkingClient, networks: string[], ids: readonly string[], size: number): Promise<AtSize> {
  const some = (index: number) => (index * 7919) % ids.length
  const byDevice = (index: number) => client.ports.list({ device_id: `nic-${some(index)}`, device_owner: 'oVirt' })
  const byId = (index: number) => client.ports.get(ids[some(index)]!)
  const made: string[] = []
  await load(4, 2_000, byDevice)
  const bare = await barePorts(database, networks[0]!, 16, 1_500)
  const post = await writes(1_500, async (index) => {
    made.push((await client.ports.create(nic(networks[0]!, 1e6 + index))).id)
  })
  const put = await writes(1_500, (index) => client.ports.update(made[index]!, { name: `renamed-${index}` }))
  const remove = await writes(1_500, (index) => client.ports.remove(made[index]!))
  return {
    size,
    byDevice: await load(1, 2_000, byDevice),
    byId: await load(1, 2_000, byId),
    busy: await load(16, 8_000, byId),
    bare,
    bareHttp: await bareHttp(http, database, networks[0]!, 16, 1_500),
    post,
    put,
    remove,
    listMs: size === listed ? (await load(1, 21, listAll)).p50 : undefined,
    residentMb: await provider.residentMb(),
    startS: await provider.restart(),
  }
}

/** At concurrency 16. */
async function writes(count: number, request: (index: number) => Promise<unknown>): Promise<Writes> {
  const before = provider.cpuMs()
  const figures = await load(16, count, request)
  const after = provider.cpuMs()
  const each = (process: keyof CpuMs) => (after[process] - before[process]) / count
  return { ...figures, cpu: { provider: each('provider'), database: each('database') } }
}

function rowsOf(now: AtSize, first: AtSize): Row[] {
  const at = (what: string) => `${what} @${now.size}`
  const writes = (['post', 'put', 'remove'] as const).flatMap((kind): Row[] => [
    { what: at(`${kind}, concurrency 16`), value: now[kind].perSecond, unit: '/s' },
    { what: at(`${kind}, bare OVSDB`), value: now.bare[kind], unit: '/s' },
    { what: at(`${kind}, share of bare OVSDB`), value: now[kind].perSecond / now.bare[kind], unit: '', goal: '>= 0.6' },
    { what: at(`${kind}, share of bare HTTP and OVSDB`), value: now[kind].perSecond / now.bareHttp[kind], unit: '' },
    { what: at(`${kind}, processor time of the provider`), value: now[kind].cpu.provider, unit: 'ms' },
    { what: at(`${kind}, processor time of the database`), value: now[kind].cpu.database, unit: 'ms' },
    { what: at(`${kind}, p99 by p50`), value: now[kind].p99 / now[kind].p50, unit: '', goal: '<= 20' },
  ])
  return [
    { what: at('GET ports?device_id, p50'), value: now.byDevice.p50, unit: 'ms' },
    { what: at('  by that at 1000'), value: now.byDevice.p50 / first.byDevice.p50, unit: '', goal: '<= 1.5' },
    { what: at('GET ports/{id}, p50'), value: now.byId.p50, unit: 'ms' },
    { what: at('  by that at 1000'), value: now.byId.p50 / first.byId.p50, unit: '', goal: '<= 1.5' },
    { what: at('GET ports/{id}, concurrency 16'), value: now.busy.perSecond, unit: '/s', goal: '>= 4000' },
    ...writes,
    ...(now.listMs === undefined ? [] : [{ what: at('GET ports, p50'), value: now.listMs, unit: 'ms', goal: '<= 60' }]),
    { what: at('resident memory'), value: now.residentMb, unit: 'MB', goal: '<= 400' },
    { what: at('ready after a start'), value: now.startS, unit: 's', goal: '<= 10' },
  ]
}

/** As bytes: reading them is the client's part. */
async function listAll(): Promise<void> {
  await (await fetch(`${url}/v2.0/ports`)).arrayBuffer()
}

function nic(network_id: string, index: number): object {
  return {
    network_id,
    name: 'nic1',
    device_id: `nic-${index}`,
    device_owner: 'oVirt',
    'binding:host_id': 'host-a',
  }
}
