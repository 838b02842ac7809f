// The engine at size: lists, starts of many VMs, hot plugs and synchronization, with real providers as processes and simulated
// hosts in this one. Beside it, what the same starts cost oVirt's way: all ports listed once for each vNIC.
import { randomUUID } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { createNetworkingClient } from '@patchbay/networking-api/client/client.ts'
import { createHttpClient } from '@patchbay/networking-api/client/http-client.ts'
import { connectVdsm } from '@patchbay/vdsm-rpc/client.ts'
import { until } from '../lab/until.ts'
import { hostMs, hostTime } from './engine-scale/hosts.ts'
import { type Installation, size } from './engine-scale/installation.ts'
import { requestsTo, type Service } from './engine-scale/services.ts'
import { startScale } from './engine-scale/start.ts'
import { load, median } from './load.ts'
import { type Row, report } from './report.ts'

const firstPort = 19_700
const cores = availableParallelism()
// `--database postgres://…`: an empty database, instead of a file.
const [, database] = process.argv.slice(2)

await using stack = new AsyncDisposableStack()
const { engine, providers, hosts, installation } = await startScale(stack, firstPort, database)
process.exitCode = report('engine-scale', await measure(engine, installation)) ? 0 : 1

async function measure(engine: Service, installation: Installation): Promise<Row[]> {
  const hostsUp = performance.now()
  const isUp = async () => (await ask('GET', '/hosts?search=status=up&max=1000')).host?.length === size.hosts
  if (!(await until(isUp, 60_000))) throw new Error('the hosts are not up after 60 s')
  const rows: Row[] = [
    { what: 'start until it answers', value: engine.startMs / 1000, unit: 's', goal: '<= 5' },
    { what: `then until ${size.hosts} hosts are up`, value: (performance.now() - hostsUp) / 1000, unit: 's' },
    ...(await lists(installation)),
    ...(await synchronization(installation)),
    ...(await hotPlugs(installation)),
    ...(await starts(installation)),
  ]
  return [...rows, { what: 'most memory', value: engine.memory().peak / 2 ** 20, unit: 'MiB', goal: '<= 500' }]
}

async function ask(method: string, path: string, body?: object): Promise<any> {
  const answer = await fetch(`${engine.url}/ovirt-engine/api${path}`, {
    method,
    headers: { accept: 'application/json', ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  return text === '' ? undefined : JSON.parse(text)
}

async function lists({ upVmIds }: Installation): Promise<Row[]> {
  const paths: readonly (readonly [string, (index: number) => string])[] = [
    ['a page of 100 VMs', (index) => `/vms?max=100&search=${encodeURIComponent(`page ${1 + (index % 50)}`)}`],
    ['a search for VMs by name', (index) => `/vms?search=${encodeURIComponent(`name=vm-${10 + (index % 40)}*`)}`],
    ['VMs on a host', (index) => `/vms?search=${encodeURIComponent(`host=host-${index % size.hosts}`)}`],
    ['vNICs of a VM', (index) => `/vms/${upVmIds[(index * 31) % upVmIds.length]}/nics`],
    ['the topology of a VM', (index) => `/topology?vm=${upVmIds[(index * 31) % upVmIds.length]}`],
    [
      'a page of 100 networks, sorted',
      (index) => `/networks?max=100&search=${encodeURIComponent(`sortby name page ${1 + (index % 20)}`)}`,
    ],
    ['a page of 100 vNIC profiles', () => '/vnicprofiles?max=100'],
    ['all hosts', () => '/hosts'],
    ['a page of 100 events', () => '/events?max=100'],
  ]
  const rows: Row[] = []
  for (const [what, path] of paths) {
    await load(2, 20, (index) => ask('GET', path(index)))
    const { p95 } = await load(2, 200, (index) => ask('GET', path(index)))
    rows.push({ what: `${what}, p95`, value: p95, unit: 'ms', goal: '<= 50' })
  }
  for (const [what, path] of [
    [`the topology of all ${size.nics} vNICs`, '/topology'],
    [`all ${size.vms} VMs`, '/vms'],
  ] as const) {
    const { p95 } = await load(1, 10, () => ask('GET', path))
    rows.push({ what: `${what}, p95`, value: p95, unit: 'ms' })
  }
  return rows
}

async function requests(): Promise<number> {
  return (await Promise.all(providers.map(requestsTo))).reduce((total, each) => total + each, 0)
}

async function synchronization({ providerIds }: Installation): Promise<Row[]> {
  const before = await requests()
  const started = performance.now()
  let changes = 0
  for (const id of providerIds) {
    const { changes: done = {} } = await ask('POST', `/openstacknetworkproviders/${id}/sync`, {})
    changes += Object.values(done as object).flat().length
  }
  const seconds = (performance.now() - started) / 1000
  return [
    { what: `synchronization of ${size.networks} unchanged networks`, value: seconds, unit: 's' },
    // A page of 500 each: full to the brim, and its links say that it is the last.
    { what: 'its calls of a provider', value: ((await requests()) - before) / size.providers, unit: '', goal: '<= 1' },
    { what: 'its changes', value: changes, unit: '', goal: '<= 0' },
  ]
}

/** One after the other; what host and provider take is measured by themselves, and taken off. */
async function hotPlugs({ upVmIds, profileIds }: Installation): Promise<Row[]> {
  const providerTime = async () => {
    const texts = await Promise.all(providers.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()))
    const sums = texts.flatMap((text) => [...text.matchAll(/^http_request_seconds_sum\{([^}]*)\} (\S+)$/gm)])
    return sums
      .filter(([, labels]) => !labels!.includes('"/metrics"'))
      .reduce((sum, [, , value]) => sum + Number(value) * 1000, 0)
  }
  const overheads: number[] = []
  const totals: number[] = []
  let cpuBefore = 0
  for (let round = -20; round < 40; round++) {
    // The VM and the profile are of the same provider: both are dealt out in turns.
    const vmId = upVmIds[(round + 20) * size.providers]!
    if (round === 0) cpuBefore = engine.cpuSeconds()
    const before = (await providerTime()) + hostTime.totalMs
    const started = performance.now()
    await ask('POST', `/vms/${vmId}/nics`, { name: 'hot', vnic_profile: { id: profileIds[round + 20] } })
    const totalMs = performance.now() - started
    if (round < 0) continue
    totals.push(totalMs)
    overheads.push(totalMs - ((await providerTime()) + hostTime.totalMs - before))
  }
  const cpuMs = ((engine.cpuSeconds() - cpuBefore) * 1000) / totals.length
  return [
    { what: 'hot plug, p50', value: median(totals), unit: 'ms' },
    { what: 'of it neither provider nor host, p50', value: median(overheads), unit: 'ms', goal: '<= 10' },
    { what: "the engine's CPU for each, all its hosts watched meanwhile", value: cpuMs, unit: 'ms' },
  ]
}

async function starts({ downVmIds }: Installation): Promise<Row[]> {
  const nics = downVmIds.length * 2
  const alone = { providers: await providersAlone(nics), hosts: await hostsAlone(downVmIds.length) }
  const ovirt = await oVirtsWay(nics)
  const vmsBefore = hosts.map(({ vms }) => vms.size)
  const [callsBefore, cpuBefore] = [await requests(), cpuSeconds()]
  const started = performance.now()
  await Promise.all(downVmIds.map((id) => ask('POST', `/vms/${id}/start`, {})))
  const seconds = (performance.now() - started) / 1000
  const cpu = since(cpuBefore)
  const mostOnOne = Math.max(...hosts.map(({ vms }, at) => vms.size - vmsBefore[at]!))
  const slowest = Math.max(alone.providers.seconds, alone.hosts)
  // A VM's ports come before its start on a host: the last one's host begins when the providers have done everything.
  const least = alone.providers.seconds + hostMs.create / 1000
  const msPerVm = (cpuSeconds: number) => (cpuSeconds * 1000) / downVmIds.length
  return [
    { what: `start of ${downVmIds.length} VMs with 2 vNICs each`, value: seconds, unit: 's' },
    { what: 'the same calls of the providers alone, all at once', value: alone.providers.seconds, unit: 's' },
    { what: 'the same calls of the hosts alone, all at once', value: alone.hosts, unit: 's' },
    { what: 'all, to the slower of the two alone', value: seconds / slowest, unit: '', goal: '<= 1.3' },
    { what: 'ports first, then the host: the least it can be of that', value: least / slowest, unit: '' },
    { what: `of ${hosts.length} hosts, the one that got the most of these VMs got`, value: mostOnOne, unit: '' },
    {
      what: 'calls of a provider for each vNIC',
      value: ((await requests()) - callsBefore) / nics,
      unit: '',
      goal: '<= 2',
    },
    { what: "the engine's CPU for each VM", value: msPerVm(cpu.engine), unit: 'ms' },
    { what: "the providers' CPU for each VM", value: msPerVm(cpu.providers), unit: 'ms' },
    { what: 'the same for the bare calls', value: msPerVm(alone.providers.cpu.providers), unit: 'ms' },
    { what: 'CPU of hosts and requests (this process) for each VM', value: msPerVm(cpu.own), unit: 'ms' },
    {
      what: `all that CPU on ${cores} cores: the least it can take`,
      value: (cpu.engine + cpu.providers + cpu.own) / cores,
      unit: 's',
    },
    { what: "oVirt's way: listing all ports for each vNIC", value: ovirt, unit: 's' },
  ]
}

/** Of all processes so far. */
function cpuSeconds() {
  const { user, system } = process.cpuUsage()
  return {
    engine: engine.cpuSeconds(),
    providers: providers.reduce((total, provider) => total + provider.cpuSeconds(), 0),
    own: (user + system) / 1e6,
  }
}
type CpuSeconds = ReturnType<typeof cpuSeconds>

function since(before: CpuSeconds): CpuSeconds {
  const now = cpuSeconds()
  return {
    engine: now.engine - before.engine,
    providers: now.providers - before.providers,
    own: now.own - before.own,
  }
}

/** What the engine has a host do for a start, at all hosts side by side; the VMs are forgotten again. */
async function hostsAlone(vms: number): Promise<number> {
  const clients = await Promise.all(hosts.map(({ port }) => connectVdsm({ host: '127.0.0.1', port })))
  const ids = Array.from({ length: vms }, () => randomUUID())
  const started = performance.now()
  await load(vms, vms, async (index) => {
    const [client, vmID] = [clients[index % clients.length]!, ids[index]!]
    await client.call('VM.create', { vmID, vmParams: { vmId: vmID, xml: '<domain/>' } })
    await client.call('VM.getStats', { vmID })
  })
  const seconds = (performance.now() - started) / 1000
  for (const [index, id] of ids.entries()) hosts[index % hosts.length]!.vms.delete(id)
  await Promise.all(clients.map((client) => client.close()))
  return seconds
}

/**
 * A look-up and a port for each vNIC, all at once over the engine's own client, which bounds its connections; the ports
 * are removed again.
 */
async function providersAlone(nics: number): Promise<{ seconds: number; cpu: CpuSeconds }> {
  const http = createHttpClient()
  const clients = providers.map(({ url }) => createNetworkingClient(http, url))
  const networks = await Promise.all(clients.map((client) => client.networks.list()))
  const made: (() => Promise<unknown>)[] = []
  const cpuBefore = cpuSeconds()
  const started = performance.now()
  await load(nics, nics, async (index) => {
    const at = index % clients.length
    const [client, own] = [clients[at]!, networks[at]!]
    const device_id = `alone-${index}`
    await client.ports.list({ device_id, device_owner: 'oVirt' })
    const port = await client.ports.create({
      name: 'nic1',
      network_id: own[index % own.length]!.id,
      device_id,
      device_owner: 'oVirt',
      admin_state_up: true,
      'binding:host_id': `host-${at}`,
    })
    made.push(() => client.ports.remove(port.id))
  })
  const seconds = (performance.now() - started) / 1000
  const cpu = since(cpuBefore)
  await load(16, made.length, (index) => made[index]!())
  await http.close()
  return { seconds, cpu }
}

async function oVirtsWay(nics: number): Promise<number> {
  const http = createHttpClient()
  const clients = providers.map(({ url }) => createNetworkingClient(http, url))
  const sample = 40
  const started = performance.now()
  await load(4, sample, (index) => clients[index % clients.length]!.ports.list())
  const seconds = (performance.now() - started) / 1000
  await http.close()
  return (seconds * nics) / sample
}
