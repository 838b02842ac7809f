// DHCP for the guests of a network on this host: dnsmasq in a namespace of its own, on an isolated bridge port.
// Every host has the same link-local server address and answers only its own guests, so no address of the subnet is spent.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { netmask, parseCidr } from '@patchbay/networking-api/ip.ts'
import { run } from '@patchbay/vif-driver/command.ts'
import { ipBatch, ipBatchForce, linkExists } from '@patchbay/vif-driver/iproute.ts'
import { type Attachment, writeWhole } from './attachments.ts'
import { bridgeName, dhcpLinkName } from './segment.ts'

export interface DhcpSubnet {
  readonly id: string
  readonly cidr: string
  readonly gateway: string | null
  readonly dnsServers: readonly string[]
  readonly hostRoutes: readonly { readonly destination: string; readonly nexthop: string }[]
}

export interface DhcpNetwork {
  readonly networkId: string
  readonly mtu: number
  readonly subnets: readonly DhcpSubnet[]
}

/** dnsmasq picks the range by `shared-network`, because this address lies in none of the subnets. */
const serverAddress = '169.254.67.67'
const leaseSeconds = 86_400

export const dhcpNamespace = (networkId: string) => `dhcp-${networkId}`

/** Makes the DHCP server of a network know these guests, starting or restarting it where needed. */
export async function serveDhcp(network: DhcpNetwork, guests: readonly Attachment[], dir: string): Promise<void> {
  const files = filesIn(dir)
  const configuration = dnsmasqConfiguration(network, files)
  if (dnsmasqPid(files.pid) !== undefined && read(files.configuration) === configuration) return tellDhcp(guests, dir)
  await stopDhcp(network.networkId, dir)
  writeWhole(files.hosts, dnsmasqHosts(guests))
  writeWhole(files.configuration, configuration)
  await startDnsmasq(network.networkId, files.configuration)
}

/** Tells a running server its guests. Without a server there is nobody to tell. */
export function tellDhcp(guests: readonly Attachment[], dir: string): void {
  const files = filesIn(dir)
  const pid = dnsmasqPid(files.pid)
  const hosts = dnsmasqHosts(guests)
  if (pid === undefined || read(files.hosts) === hosts) return
  writeWhole(files.hosts, hosts)
  process.kill(pid, 'SIGHUP')
}

/** Ends the server and removes its namespace. Succeeds when there is none. */
export async function stopDhcp(networkId: string, dir: string): Promise<void> {
  const pid = dnsmasqPid(filesIn(dir).pid)
  if (pid !== undefined) process.kill(pid, 'SIGKILL')
  const namespace = dhcpNamespace(networkId)
  await ipBatchForce([
    ...(linkExists(dhcpLinkName(networkId)) ? [`link del ${dhcpLinkName(networkId)}`] : []),
    ...(existsSync(`/run/netns/${namespace}`) ? [`netns del ${namespace}`] : []),
  ])
}

export function dnsmasqConfiguration({ mtu, subnets }: DhcpNetwork, files: { hosts: string; pid: string }): string {
  const lines = [
    'port=0',
    'interface=dhcp',
    'bind-interfaces',
    'dhcp-authoritative',
    'no-ping',
    'leasefile-ro',
    `dhcp-hostsfile=${files.hosts}`,
    `pid-file=${files.pid}`,
    `dhcp-option-force=option:mtu,${mtu}`,
    ...subnets.flatMap(subnetLines),
  ]
  return `${lines.join('\n')}\n`
}

/** One line for each address: dnsmasq offers the one that lies in a range it serves. */
export function dnsmasqHosts(guests: readonly Attachment[]): string {
  return guests.flatMap(({ mac, fixedIps }) => fixedIps.map(({ ip_address }) => `${mac},${ip_address}\n`)).join('')
}

function subnetLines({ id, cidr, gateway, dnsServers, hostRoutes }: DhcpSubnet): string[] {
  const network = parseCidr(cidr)!
  const start = cidr.split('/')[0]!
  const tag = `tag:${id}`
  const routes = hostRoutes.map(({ destination, nexthop }) => `${destination},${nexthop}`)
  // RFC 3442: a client that takes classless routes ignores option 3, so the default route is repeated among them.
  if (routes.length > 0 && gateway) routes.push(`0.0.0.0/0,${gateway}`)
  return [
    `shared-network=dhcp,${start}`,
    `dhcp-range=set:${id},${start},static,${netmask(network)},${leaseSeconds}`,
    // An option without a value is not sent; by default dnsmasq would name itself as router and DNS server.
    `dhcp-option=${tag},option:router${gateway ? `,${gateway}` : ''}`,
    `dhcp-option=${tag},option:dns-server${dnsServers.map((server) => `,${server}`).join('')}`,
    ...(routes.length > 0 ? [`dhcp-option=${tag},option:classless-static-route,${routes.join(',')}`] : []),
  ]
}

async function startDnsmasq(networkId: string, configuration: string): Promise<void> {
  const namespace = dhcpNamespace(networkId)
  const link = dhcpLinkName(networkId)
  await ipBatch([
    `netns add ${namespace}`,
    `link add ${link} type veth peer name dhcp netns ${namespace}`,
    `link set ${link} addrgenmode none`,
    `link set ${link} master ${bridgeName(networkId)} up`,
    `link set ${link} type bridge_slave isolated on`,
  ])
  await ipBatch([`addr add ${serverAddress}/32 dev dhcp`, 'link set dhcp up'], { netns: namespace })
  await run(['ip', 'netns', 'exec', namespace, 'dnsmasq', `--conf-file=${configuration}`])
}

function filesIn(dir: string) {
  return {
    configuration: join(dir, 'dnsmasq.conf'),
    hosts: join(dir, 'dnsmasq.hosts'),
    pid: join(dir, 'dnsmasq.pid'),
  }
}

/** The pid in the file, if that process is alive and still dnsmasq. */
function dnsmasqPid(pidFile: string): number | undefined {
  const pid = Number(read(pidFile))
  return pid > 0 && read(`/proc/${pid}/comm`)?.trim() === 'dnsmasq' ? pid : undefined
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
