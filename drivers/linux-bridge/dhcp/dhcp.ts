// DHCP for the guests of a network on this host: dnsmasq in a namespace of its own, on an isolated bridge port.
// Every host has the same link-local server address and answers only its own guests, so no address of the subnet is spent.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '@patchbay/vif-driver/command.ts'
import { bridgePorts, ipBatch, removeFromHost } from '@patchbay/vif-driver/iproute.ts'
import { type Attachment, writeWhole } from '../attachments.ts'
import type { Names } from '../network/names.ts'
import { type DhcpNetwork, dnsmasqConfiguration, dnsmasqHosts, hostAddress } from './dnsmasq-configuration.ts'
import type { ServedSubnet } from './served-subnets.ts'

/** In none of the subnets. */
const serverAddress = '169.254.67.67'
const serverLinkLocal = 'fe80::a9fe:4343/64'

/** Makes the DHCP server of a network know these guests, starting or restarting it where needed. */
export async function serveDhcp(
  names: Names,
  network: DhcpNetwork,
  guests: readonly Attachment[],
  dir: string,
): Promise<void> {
  const files = filesIn(dir)
  const configuration = dnsmasqConfiguration(network, files)
  const servesThis = serves(names, network.networkId, files) && read(files.configuration) === configuration
  if (servesThis && !remembersOthers(guests, files)) return tellDhcp(guests, dir)
  await stopDhcp(names, network.networkId, dir)
  writeWhole(files.told, dnsmasqHosts(guests))
  writeWhole(files.hosts, dnsmasqHosts(guests))
  writeWhole(files.configuration, configuration)
  await startDnsmasq(names, network, files.configuration)
}

/** The server runs, and its link is still a port of the network's bridge. */
function serves(names: Names, networkId: string, files: Files): boolean {
  return dnsmasqPid(files) !== undefined && bridgePorts(names.bridge(networkId)).includes(names.dhcpLink(networkId))
}

/**
 * Whether the server has been told that an address is somebody else's. It would keep the address for that lease, and
 * nothing but a restart makes it forget one. Leases live in its memory alone; guests renew them with the new server.
 */
function remembersOthers(guests: readonly Attachment[], files: Files): boolean {
  const owners = new Map(toldLines(files).map((line) => line.split(',').reverse() as [string, string]))
  return guests.some(({ mac, fixedIps }) =>
    fixedIps.some(({ ip_address }) => ![undefined, mac].includes(owners.get(hostAddress(ip_address)))),
  )
}

/** Tells a running server its guests. Without a server there is nobody to tell. */
export function tellDhcp(guests: readonly Attachment[], dir: string): void {
  const files = filesIn(dir)
  if (dnsmasqPid(files) === undefined) return
  const hosts = dnsmasqHosts(guests)
  writeWhole(files.told, [...new Set([...toldLines(files), ...linesOf(hosts)])].map((line) => `${line}\n`).join(''))
  writeWhole(files.hosts, hosts)
  // Also where the file said so already: whoever wrote it may have been killed before the signal.
  signalDnsmasq(files, 'SIGHUP')
}

/** Ends the server and removes its namespace. Succeeds when there is none. */
export async function stopDhcp(names: Names, networkId: string, dir: string): Promise<void> {
  signalDnsmasq(filesIn(dir), 'SIGKILL')
  await removeFromHost({ links: [names.dhcpLink(networkId)], namespaces: [names.dhcpNamespace(networkId)] })
}

async function startDnsmasq(names: Names, { networkId, subnets }: DhcpNetwork, configuration: string): Promise<void> {
  const namespace = names.dhcpNamespace(networkId)
  const link = names.dhcpLink(networkId)
  await ipBatch([
    `netns add ${namespace}`,
    `link add ${link} type veth peer name dhcp netns ${namespace}`,
    `link set ${link} addrgenmode none`,
    `link set ${link} master ${names.bridge(networkId)} up`,
    `link set ${link} type bridge_slave isolated on`,
  ])
  await ipBatch([...serverAddresses(subnets), 'link set dhcp up'], { netns: namespace })
  await run(['ip', 'netns', 'exec', namespace, 'dnsmasq', `--conf-file=${configuration}`])
}

/**
 * For IPv6 one of its own in each subnet, by which dnsmasq knows the subnet: the one that is all routers' (RFC 4291, 2.6.1),
 * which no guest has.
 */
function serverAddresses(subnets: readonly ServedSubnet[]): string[] {
  const ipv6 = subnets.filter(({ version }) => version === 6).map(({ cidr }) => cidr)
  return [
    `addr add ${serverAddress}/32 dev dhcp`,
    'link set dhcp addrgenmode none',
    // Nobody but this host's guests hears of them, and they are the same on every host.
    ...(ipv6.length > 0 ? [serverLinkLocal, ...ipv6] : []).map((address) => `addr add ${address} dev dhcp nodad`),
  ]
}

interface Files {
  readonly configuration: string
  /** The guests that the server knows. */
  readonly hosts: string
  /** And those that it has known since it was started; at most one line for each address. */
  readonly told: string
  readonly pid: string
}

function filesIn(dir: string): Files {
  return {
    configuration: join(dir, 'dnsmasq.conf'),
    hosts: join(dir, 'dnsmasq.hosts'),
    told: join(dir, 'dnsmasq.told'),
    pid: join(dir, 'dnsmasq.pid'),
  }
}

/** The pid in the file, if that process is alive and is the dnsmasq of this configuration. */
function dnsmasqPid({ pid: pidFile, configuration }: Files): number | undefined {
  const pid = Number(read(pidFile))
  const command = pid > 0 ? read(`/proc/${pid}/cmdline`)?.split('\0') : undefined
  return command?.includes(`--conf-file=${configuration}`) ? pid : undefined
}

/** Without a server there is nobody to signal. */
function signalDnsmasq(files: Files, signal: 'SIGHUP' | 'SIGKILL'): void {
  const pid = dnsmasqPid(files)
  if (pid === undefined) return
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

const toldLines = (files: Files) => linesOf(read(files.told) ?? '')
const linesOf = (text: string) => text.split('\n').filter((line) => line !== '')

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
