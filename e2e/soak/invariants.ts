// What must hold whenever nothing is under way: engine, provider and hosts agree on every VM, vNIC and port.
import { until } from '../../lab/until.ts'
import { bindingOf, type SoakWorld } from './soak-world.ts'

const settleMs = 60_000

/** Waits until all holds; answers what still does not. */
export async function untilAgreed(world: SoakWorld): Promise<string[]> {
  let left: string[] = []
  const isAgreed = async () => {
    left = await disagreements(world).catch((error: Error) => [error.message])
    return left.length === 0
  }
  await until(isAgreed, settleMs, 100)
  return left
}

interface Nic {
  readonly id: string
  readonly name: string
  readonly plugged: string
  readonly mac: { readonly address: string }
  readonly vnic_profile?: { readonly id: string }
}

interface Vm {
  readonly id: string
  readonly name: string
}

interface Port {
  readonly name: string
  readonly device_id: string
  readonly network_id: string
  readonly 'binding:host_id': string
}

async function disagreements(world: SoakWorld): Promise<string[]> {
  const { engine, provider } = world
  const metrics = await (await fetch(`${engine.url}/metrics`)).text()
  const pending = metrics.split('\n').filter((line) => line.startsWith('engine_workflows{'))
  if (pending.length > 0) return pending
  const hosts = await engine.list('/hosts')
  const nameOf = new Map<string, string>(hosts.map(({ id, name }) => [id, name]))
  const ports = (await provider.send('GET', '/ports')).body.ports as Port[]
  const networkOf = await networksOfProfiles(world)
  const found = hosts.filter(({ status }) => status !== 'up').map(({ name, status }) => `host ${name} is ${status}`)
  const known = new Set<string>()
  for (const vm of await engine.list('/vms')) {
    const nics: Nic[] = await engine.list(`/vms/${vm.id}/nics`)
    for (const { id } of nics) known.add(id)
    const host = nameOf.get(vm.host?.id)
    found.push(...oddStatus(vm.name, vm.status, host), ...onHosts(world, vm, host, nics))
    for (const nic of nics) found.push(...portOddities(nic, ports, networkOf, host))
  }
  for (const { name, device_id } of ports) if (!known.has(device_id)) found.push(`port ${name} belongs to nobody`)
  return found
}

async function networksOfProfiles({ engine }: SoakWorld): Promise<Map<string, string>> {
  const external = new Map<string, string>()
  const provider = (await engine.list('/openstacknetworkproviders'))[0].id
  for (const { id, name } of await engine.list(`/openstacknetworkproviders/${provider}/networks`))
    external.set(name, id)
  const names = new Map((await engine.list('/networks')).map(({ id, name }) => [id, name]))
  return new Map(
    (await engine.list('/vnicprofiles')).map(({ id, network }) => [id, external.get(names.get(network.id))!]),
  )
}

function oddStatus(name: string, status: string, host: string | undefined): string[] {
  const away = ['down', 'suspended']
  if (![...away, 'up', 'paused'].includes(status)) return [`${name} is ${status}`]
  return away.includes(status) === (host === undefined) ? [] : [`${name} is ${status} on host ${host}`]
}

/** It runs where the engine says, with the vNICs that are plugged, and nowhere else. */
function onHosts({ hosts }: SoakWorld, vm: Vm, expected: string | undefined, nics: readonly Nic[]): string[] {
  const macs = nics.filter(({ plugged }) => plugged === 'true').map(({ mac }) => mac.address)
  return [...hosts].flatMap(([name, host]) => {
    const there = host.vms.get(vm.id)
    if (name !== expected) return there && there.status !== 'Down' ? [`${vm.name} also runs on ${name}`] : []
    if (!there || there.status === 'Down') return [`${vm.name} does not run on ${name}`]
    const differ = [...there.macs].sort().join() !== macs.sort().join()
    return differ
      ? [`${vm.name} on ${name} has ${there.macs.join() || 'no NICs'} instead of ${macs.join() || 'none'}`]
      : []
  })
}

/** A vNIC has at most one port, on its own network, and bound where it is plugged. */
function portOddities(
  nic: Nic,
  all: readonly Port[],
  networkOf: Map<string, string>,
  host: string | undefined,
): string[] {
  const ports = all.filter(({ device_id }) => device_id === nic.id)
  const network = nic.vnic_profile && networkOf.get(nic.vnic_profile.id)
  if (ports.length > 1) return [`${nic.name} has ${ports.length} ports`]
  const [port] = ports
  if (port && port.network_id !== network) return [`the port of ${nic.name} is on another network`]
  if (host === undefined || nic.plugged !== 'true' || !network) return []
  if (!port) return [`${nic.name} is plugged and has no port`]
  const bound = port['binding:host_id']
  return bound === bindingOf(host) ? [] : [`the port of ${nic.name} is bound to ${bound}, not to ${bindingOf(host)}`]
}
