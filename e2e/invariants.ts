// What must hold whenever nothing is under way: engine, provider and hosts agree on every VM and vNIC, and nobody keeps
// anything of what is gone.
import assert from 'node:assert/strict'
import { connectVdsm } from '@patchbay/vdsm-rpc/client.ts'
import { namesOf } from '../drivers/linux-bridge/network/names.ts'
import type { LabHost } from '../lab/hosts/lab-host.ts'
import { until } from '../lab/until.ts'
import type { Bed } from './bed.ts'

const driverNames = namesOf()

/** Waits a little, for what is told by events; then throws an error that lists all that does not hold. */
export async function assertInvariants(bed: Bed, when: string): Promise<void> {
  await bed.settled()
  let broken: string[] = []
  const hold = await until(
    async () => {
      broken = violations(await observe(bed))
      return broken.length === 0
    },
    5_000,
    100,
  )
  if (!hold) assert.fail(`${when}:\n  ${broken.join('\n  ')}`)
}

interface Nic {
  readonly id: string
  readonly name: string
  readonly vmId: string
  readonly mac: string
  readonly isPlugged: boolean
}

interface HostView {
  readonly name: string
  /** The engine's id of it. */
  readonly id: string
  /** VM id → status and the MAC addresses of its NICs, as the agent says. */
  readonly vms: ReadonlyMap<string, { status: string; macs: string[] }>
  /** Link → the bridge it is a port of. */
  readonly links: ReadonlyMap<string, string>
  readonly namespaces: readonly string[]
  readonly hasFilters: boolean
}

interface View {
  readonly vms: readonly { id: string; name: string; status: string; hostId: string | undefined }[]
  readonly nics: readonly Nic[]
  readonly ports: readonly any[]
  readonly networkIds: readonly string[]
  readonly externalIds: readonly string[]
  readonly hosts: readonly HostView[]
}

async function observe({ engine, provider, constellation }: Bed): Promise<View> {
  const [vms, networks, hosts, ports, externals] = await Promise.all([
    engine.list('/vms'),
    engine.list('/networks'),
    engine.list('/hosts'),
    provider.ports.list(),
    provider.networks.list(),
  ])
  const nics = await Promise.all(vms.map(({ id }) => engine.list(`/vms/${id}/nics`)))
  const idOf = (name: string) => hosts.find((host) => host.name === name).id
  return {
    vms: vms.map(({ id, name, status, host }) => ({ id, name, status, hostId: host?.id })),
    nics: nics.flat().map(({ id, name, vm, mac, plugged }) => ({
      id,
      name,
      vmId: vm.id,
      mac: mac.address,
      isPlugged: plugged === 'true',
    })),
    ports,
    networkIds: networks.map(({ id }) => id),
    externalIds: externals.map(({ id }) => id),
    hosts: await Promise.all(constellation.lab.hosts.map((host) => observeHost(host, idOf(host.name)))),
  }
}

async function observeHost(host: LabHost, id: string): Promise<HostView> {
  const script = 'ip -j link; ls /run/netns 2>/dev/null | tr "\\n" " "; echo; nft list tables'
  const [{ stdout }, vms] = await Promise.all([host.exec(['sh', '-c', script]), vmsOn(host)])
  const [links = '[]', namespaces = '', ...tables] = stdout.split('\n')
  return {
    name: host.name,
    id,
    vms,
    links: new Map((JSON.parse(links) as any[]).map(({ ifname, master = '' }) => [ifname, master])),
    namespaces: namespaces.split(' ').filter((name) => name !== ''),
    hasFilters: tables.some((line) => line !== ''),
  }
}

async function vmsOn({ address }: LabHost): Promise<HostView['vms']> {
  const client = await connectVdsm({ host: address, port: 54_321 })
  try {
    const stats = (await client.call('Host.getAllVmStats')) as any[]
    return new Map(
      stats.map(({ vmId, status, network = {} }) => [
        vmId,
        { status, macs: Object.values(network as object).map(({ macAddr }) => macAddr) },
      ]),
    )
  } finally {
    await client.close()
  }
}

function violations(view: View): string[] {
  return [
    ...view.vms.flatMap((vm) => wrongVm(view, vm)),
    ...view.nics.flatMap((nic) => wrongNic(view, nic)),
    ...view.ports.flatMap((port) => wrongPort(view, port)),
    ...view.hosts.flatMap((host) => wrongHost(view, host)),
    ...(view.networkIds.length === view.externalIds.length
      ? []
      : [`the engine has ${view.networkIds.length} networks, the provider ${view.externalIds.length}`]),
  ]
}

/** Up and known to its host alone, or down and known to none. */
function wrongVm({ hosts }: View, { id, name, status, hostId }: View['vms'][number]): string[] {
  const known = hosts.flatMap((host) => (host.vms.has(id) ? [`${host.name} ${host.vms.get(id)!.status}`] : []))
  const home = hosts.find((host) => host.id === hostId)?.name
  const expected = status === 'up' ? `${home} Up` : status === 'down' && home === undefined ? '' : 'another status'
  return known.join() === expected ? [] : [`${name} is ${status} on ${home}; hosts say: ${known.join()}`]
}

/** Plugged, then its host has it and its port is wired there and nowhere else; or none of it. */
function wrongNic(view: View, { id, name, vmId, mac, isPlugged }: Nic): string[] {
  const vm = view.vms.find((each) => each.id === vmId)!
  const home = vm.status === 'up' && isPlugged ? view.hosts.find((host) => host.id === vm.hostId) : undefined
  const ports = view.ports.filter(({ device_id }) => device_id === id)
  const wrong: string[] = []
  if (ports.length > 1) wrong.push(`${ports.length} ports`)
  const [port] = ports
  for (const { host } of port?.inactive_bindings ?? []) wrong.push(`its port has a binding left on ${host}`)
  const wired: string[] = port?.wired_hosts ?? []
  if (wired.join() !== (home?.name ?? '')) wrong.push(`its port is wired on [${wired}]`)
  if (home) {
    if (port?.status !== 'ACTIVE') wrong.push(`its port is ${port?.status}`)
    if (port?.['binding:host_id'] !== home.name) wrong.push(`its port is bound to ${port?.['binding:host_id']}`)
    if (port && home.links.get(driverNames.tap(port.id)) !== driverNames.bridge(port.network_id))
      wrong.push('its tap is not in the bridge')
    if (!home.vms.get(vmId)?.macs.includes(mac)) wrong.push('the agent does not have it')
  } else if (port?.status === 'ACTIVE') wrong.push('its port is ACTIVE')
  const elsewhere = view.hosts.filter((host) => host !== home && host.vms.get(vmId)?.macs.includes(mac))
  if (elsewhere.length > 0) wrong.push(`${elsewhere.map(({ name }) => name)} has it`)
  return wrong.map((what) => `${vm.name}'s ${name}, ${isPlugged ? 'plugged' : 'unplugged'}, VM ${vm.status}: ${what}`)
}

function wrongPort({ nics }: View, { id, device_id, device_owner }: any): string[] {
  if (device_owner === 'oVirt' && nics.some((nic) => nic.id === device_id)) return []
  return [`port ${id} belongs to no vNIC: ${device_owner} ${device_id}`]
}

/** Exactly the links and namespaces that its VMs need. */
function wrongHost(view: View, host: HostView): string[] {
  const vms = view.vms.filter(({ hostId, status }) => hostId === host.id && status === 'up')
  const plugged = view.nics.filter(({ vmId, isPlugged }) => isPlugged && vms.some(({ id }) => id === vmId))
  const ports = view.ports.filter(({ device_id }) => plugged.some(({ id }) => id === device_id))
  const networks = [...new Set<string>(ports.map(({ network_id }) => network_id))]
  const links = [
    ...['lo', 'underlay0'],
    ...ports.map(({ id }) => driverNames.tap(id)),
    ...networks.flatMap((id) => [driverNames.bridge(id), driverNames.vxlan(id), driverNames.dhcpLink(id)]),
  ]
  const namespaces = [...vms.map(({ id }) => `vm-${id}`), ...networks.map(driverNames.dhcpNamespace)]
  return [
    ...differences(`${host.name}: link`, [...host.links.keys()], links),
    ...differences(`${host.name}: namespace`, host.namespaces, namespaces),
    ...(host.hasFilters && networks.length === 0 ? [`${host.name} has filter rules`] : []),
    ...[...host.vms.keys()]
      .filter((id) => !view.vms.some((vm) => vm.id === id))
      .map((id) => `${host.name} has VM ${id}`),
  ]
}

function differences(what: string, has: readonly string[], needs: readonly string[]): string[] {
  return [
    ...has.filter((name) => !needs.includes(name)).map((name) => `${what} ${name} is left`),
    ...needs.filter((name) => !has.includes(name)).map((name) => `${what} ${name} is missing`),
  ]
}
