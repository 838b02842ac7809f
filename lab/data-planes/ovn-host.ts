// A chassis of OVN in a laboratory's host: Open vSwitch with the userspace datapath, ovn-controller, and a cable for Geneve.
import { join } from 'node:path'
import type { LabHost } from '../hosts/lab-host.ts'
import { ipBatch, UNDERLAY_MTU } from '../hosts/lab-network.ts'
import { type Daemon, daemon } from '../processes/daemon.ts'

export interface OvnHost {
  readonly database: Daemon
  readonly vswitchd: Daemon
  readonly controller: Daemon
  /** What ovs-vsctl answers, without the last line break. */
  vsctl(...args: string[]): Promise<string>
}

/** Links of a chassis that are there before any guest is. */
export const CHASSIS_LINKS = ['tunnel0', 'br-phy', 'br-int', 'ovs-netdev']

const HUB_BRIDGE = 'tunnels'
const SCHEMA = '/usr/share/openvswitch/vswitch.ovsschema'

/**
 * Makes each host a chassis of the same name, and resolves when all are registered. They are cabled apart from the
 * underlay: a tunnel of the userspace datapath needs its link for itself, and hosts stay reachable when the switch ends.
 */
export async function startOvnHosts(hub: string, hosts: readonly LabHost[], southbound: string): Promise<OvnHost[]> {
  await ipBatch(cables(hub, hosts))
  await ipBatch(
    [`link set ${HUB_BRIDGE} up`, ...hosts.map((_, index) => `link set tunnel${index} master ${HUB_BRIDGE} up`)],
    { namespace: hub },
  )
  const started = await Promise.all(hosts.map((host) => startOvnHost(host, southbound)))
  await introduce(hosts)
  return started
}

/** The userspace datapath drops what it sends to an address in a tunnel until it has learnt the way there. */
async function introduce(hosts: readonly LabHost[]): Promise<void> {
  const macOf = async (host: LabHost) => (await host.exec(['cat', '/sys/class/net/br-phy/address'])).stdout.trim()
  const known = await Promise.all(hosts.map(async (host) => [tunnelAddress(host), await macOf(host)] as const))
  const lines = known.map(([address, mac]) => `ovs-appctl -T 10 tnl/arp/set br-phy ${address} ${mac}`)
  await Promise.all(hosts.map((host) => host.exec(['sh', '-c', `set -e\n${lines.join('\n')}`])))
}

const cables = (hub: string, hosts: readonly LabHost[]) => [
  `link add ${HUB_BRIDGE} netns ${hub} mtu ${UNDERLAY_MTU} type bridge mcast_snooping 0`,
  ...hosts.map(
    ({ namespace }, index) =>
      `link add tunnel0 netns ${namespace} mtu ${UNDERLAY_MTU} type veth peer name tunnel${index} netns ${hub} mtu ${UNDERLAY_MTU}`,
  ),
]

async function startOvnHost(host: LabHost, southbound: string): Promise<OvnHost> {
  const parts = chassisParts(host)
  await host.exec(['sh', '-c', prepareScript(host)])
  await parts.database.start()
  await parts.vsctl('--no-wait', 'set', 'Open_vSwitch', '.', ...settings(host, southbound), '--', ...tunnelBridge)
  await parts.vswitchd.start()
  await parts.controller.start()
  return parts
}

function chassisParts(host: LabHost): OvnHost {
  const vsctl: OvnHost['vsctl'] = async (...args) =>
    (await host.exec(['ovs-vsctl', '--timeout=30', ...args], { timeoutMs: 40_000 })).stdout.trim()
  const part = (name: string, args: readonly string[], ready: () => Promise<unknown>) =>
    daemon(() => host.spawn([name, ...args, '--pidfile', ...quiet], { log: `${name}.log` }), ready)
  return {
    vsctl,
    database: part('ovsdb-server', [databaseFile(host), '--remote=punix:/run/openvswitch/db.sock'], () =>
      vsctl('--no-wait', 'init'),
    ),
    vswitchd: part('ovs-vswitchd', [], async () => {
      // Without --no-wait, it waits until the switch is as the database says.
      await vsctl('init')
      // Links of the userspace datapath go with its process.
      await ipBatch(tunnelLines(host), { namespace: host.namespace })
    }),
    // It makes br-int once it has registered the chassis.
    controller: part('ovn-controller', [], () => vsctl('br-exists', 'br-int')),
  }
}

/** No log file, no syslog: warnings go to the console, which the laboratory writes down. */
const quiet = ['-vconsole:warn', '-vfile:off', '-vsyslog:off']

const databaseFile = (host: LabHost) => join(host.dir, 'openvswitch.db')

const prepareScript = (host: LabHost) =>
  `mkdir -p /run/openvswitch /run/ovn && ovsdb-tool create ${databaseFile(host)} ${SCHEMA}`

/** One thread of each kind will do, and the machine has other things to run. */
const settings = (host: LabHost, southbound: string) => [
  `external_ids:system-id=${host.name}`,
  `external_ids:hostname=${host.name}`,
  `external_ids:ovn-remote="${southbound}"`,
  'external_ids:ovn-encap-type=geneve',
  `external_ids:ovn-encap-ip=${tunnelAddress(host)}`,
  'external_ids:ovn-bridge-datapath-type=netdev',
  'other_config:n-handler-threads=1',
  'other_config:n-revalidator-threads=1',
]

/** Tunnels of the userspace datapath leave by a bridge that has the tunnel's address and the cable. */
const tunnelBridge = [
  ...['add-br', 'br-phy', '--', 'set', 'bridge', 'br-phy', 'datapath_type=netdev'],
  ...['--', 'add-port', 'br-phy', 'tunnel0'],
]

const tunnelLines = (host: LabHost) => [
  'link set tunnel0 up',
  `link set br-phy mtu ${UNDERLAY_MTU} up`,
  `address replace ${tunnelAddress(host)}/24 dev br-phy`,
]

/** 198.19 is the other half of the range for laboratories (see lab-plan.ts). */
const tunnelAddress = ({ address }: LabHost) => address.replace('198.18.', '198.19.')
