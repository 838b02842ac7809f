// The provider on OVN's northbound database, beside a bare OVSDB connection and a bare HTTP server that commit the same rows,
// at 1,000, 10,000 and 100,000 ports. The bare ones have no guards, and the provider follows what they do, as it would
// another provider. Load, provider and database share the cores: the processor time of a request says more than rates do.
import { type BareHttp, startBareHttp } from './bare/http-ovsdb.ts'
import { type BarePorts, type BareRates, bareRates, connectBarePorts } from './bare/ovsdb-ports.ts'
import { type Exchange, openExchange } from './exchange.ts'
import { type Load, load, median } from './load.ts'
import { type CpuMs, startOvnProvider } from './ovn-provider.ts'
import { type Row, report } from './report.ts'

const sizes = [1_000, 10_000, 100_000]
const portsPerNetwork = 1_000
/** All of so many ports are listed. */
const listed = 10_000
/** Provider, bare connection and bare HTTP server take turns: neighbours on the machine slow all of them. */
const rounds = 3
const perRound = 1_000

using provider = await startOvnProvider('127.0.0.1:19698')
using exchange = openExchange(provider.url)
process.exitCode = (await measure(exchange)) ? 0 : 1

/** `cpu`: of one request. */
type Writes = Load & { readonly cpu: CpuMs & { readonly load: number } }

interface Round {
  readonly post: Writes
  readonly put: Writes
  readonly remove: Writes
  readonly bare: BareRates
  readonly bareHttp: BareRates
}

interface AtSize {
  readonly size: number
  readonly byDevice: Load
  readonly byId: Load
  readonly busy: Load
  readonly rounds: readonly Round[]
  /** Of 10,000 ports, at that size. */
  readonly listMs: number | undefined
  readonly residentMb: number
  readonly startS: number
}

async function measure(to: Exchange): Promise<boolean> {
  const networks: string[] = []
  const ids: string[] = []
  const figures: AtSize[] = []
  for (const size of sizes) {
    await fill(to, networks, ids, size)
    figures.push(await at(to, networks[0]!, ids))
    console.log(`  measured at ${size} ports`)
  }
  return report(
    'provider-ovn',
    figures.flatMap((now) => rowsOf(now, figures[0]!)),
  )
}

/** In requests of 500 ports, so that filling takes less than measuring. */
async function fill(to: Exchange, networks: string[], ids: string[], size: number): Promise<void> {
  while (ids.length < size) {
    if (ids.length >= networks.length * portsPerNetwork) networks.push(await makeNetwork(to, networks.length))
    const ports = Array.from({ length: 500 }, (_, index) => nic(networks.at(-1)!, ids.length + index))
    const answer = (await to.send('POST', '/v2.0/ports', { ports })) as { ports: { id: string }[] }
    ids.push(...answer.ports.map(({ id }) => id))
  }
}

async function makeNetwork(to: Exchange, index: number): Promise<string> {
  const made = (await to.send('POST', '/v2.0/networks', { network: { name: `bench-${index}` } })) as {
    network: { id: string }
  }
  const network_id = made.network.id
  await to.send('POST', '/v2.0/subnets', { subnet: { network_id, ip_version: 4, cidr: '10.0.0.0/16' } })
  return network_id
}

async function at(to: Exchange, networkId: string, ids: readonly string[]): Promise<AtSize> {
  const some = (index: number) => (index * 7919) % ids.length
  const byDevice = (index: number) => to.send('GET', `/v2.0/ports?device_id=nic-${some(index)}&device_owner=oVirt`)
  const byId = (index: number) => to.send('GET', `/v2.0/ports/${ids[some(index)]}`)
  await load(4, 2_000, byDevice)
  return {
    size: ids.length,
    rounds: await roundsOn(to, networkId),
    byDevice: await load(1, 2_000, byDevice),
    byId: await load(1, 2_000, byId),
    busy: await load(16, 8_000, byId),
    listMs: ids.length === listed ? (await load(1, 21, listAll)).p50 : undefined,
    residentMb: await provider.residentMb(),
    startS: await provider.restart(),
  }
}

/** After one that does not count, in which all of them are compiled. */
async function roundsOn(to: Exchange, networkId: string): Promise<Round[]> {
  await using ports = await connectBarePorts(provider.database, networkId)
  using http = await startBareHttp(provider.database, networkId)
  const measured: Round[] = []
  for (let count = 0; count <= rounds; count++) measured.push(await round(to, networkId, ports, http))
  return measured.slice(1)
}

async function round(to: Exchange, networkId: string, ports: BarePorts, http: BareHttp): Promise<Round> {
  const made: string[] = []
  const bare = await bareRates(ports, 16, perRound)
  const post = await writes(async (index) => {
    const answer = await to.send('POST', '/v2.0/ports', { port: nic(networkId, 1e6 + index) })
    made.push((answer as { port: { id: string } }).port.id)
  })
  const put = await writes((index) => to.send('PUT', `/v2.0/ports/${made[index]}`, { port: { name: `new-${index}` } }))
  const remove = await writes((index) => to.send('DELETE', `/v2.0/ports/${made[index]}`))
  return { post, put, remove, bare, bareHttp: await http.rates(16, perRound) }
}

/** At concurrency 16. */
async function writes(request: (index: number) => Promise<unknown>): Promise<Writes> {
  const before = provider.cpuMs()
  const own = process.cpuUsage()
  const figures = await load(16, perRound, request)
  const after = provider.cpuMs()
  const { user, system } = process.cpuUsage(own)
  const each = (process: keyof CpuMs) => (after[process] - before[process]) / perRound
  const cpu = { provider: each('provider'), database: each('database'), load: (user + system) / 1000 / perRound }
  return { ...figures, cpu }
}

function rowsOf(now: AtSize, first: AtSize): Row[] {
  const at = (what: string) => `${what} @${now.size}`
  const writes = (['post', 'put', 'remove'] as const).flatMap((kind): Row[] => {
    const middle = (figure: (round: Round) => number) => median(now.rounds.map(figure))
    const share = (bare: 'bare' | 'bareHttp') => middle((round) => round[kind].perSecond / round[bare][kind])
    return [
      { what: at(`${kind}, concurrency 16`), value: middle((round) => round[kind].perSecond), unit: '/s' },
      { what: at(`${kind}, bare OVSDB`), value: middle(({ bare }) => bare[kind]), unit: '/s' },
      { what: at(`${kind}, share of bare OVSDB`), value: share('bare'), unit: '', goal: '>= 0.6' },
      { what: at(`${kind}, share of bare HTTP and OVSDB`), value: share('bareHttp'), unit: '' },
      ...(['provider', 'database', 'load'] as const).map((process) => ({
        what: at(`${kind}, processor time of the ${process}`),
        value: middle((round) => round[kind].cpu[process]),
        unit: 'ms',
      })),
      {
        what: at(`${kind}, p99 by p50`),
        value: middle((round) => round[kind].p99 / round[kind].p50),
        unit: '',
        goal: '<= 20',
      },
    ]
  })
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
  await (await fetch(`${provider.url}/v2.0/ports`)).arrayBuffer()
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
