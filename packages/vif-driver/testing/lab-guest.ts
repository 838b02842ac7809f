// A guest with one NIC on a host of the laboratory: a namespace, and a veth pair whose host end is the tap.
import type { LabHost } from '../../../lab/hosts/lab-host.ts'
import { readInterface, unconnected } from '../interface-xml.ts'

/** For `reaches`, where no answer is expected, or where it is asked again and again. */
export const atOnce: readonly string[] = ['-W', '1']

export interface LabGuest {
  readonly host: LabHost
  /** The NIC inside is eth0. */
  readonly namespace: string
  readonly tap: string
  /** Runs a command inside. Throws unless it exits with 0. */
  exec(argv: readonly string[], options?: { timeoutMs?: number }): Promise<string>
  /** Whether an address answers within ten seconds, to a single ping. */
  reaches(address: string, options?: readonly string[]): Promise<boolean>
  /** Host end and namespace are gone then. */
  remove(): Promise<void>
}

/** Does what a hypervisor does for an `<interface>`: makes it, connected as the element says. */
export async function makeGuest(host: LabHost, domxml: string, addresses: readonly string[] = []): Promise<LabGuest> {
  const facts = readInterface(domxml)
  const { mac = '', targetDev, sourceBridge = unconnected, mtu = 1500 } = facts
  const isConnected = sourceBridge !== unconnected && facts.openvswitchInterfaceId === undefined
  const suffix = mac.replaceAll(':', '')
  const namespace = `guest-${suffix}`
  const tap = targetDev ?? `vnet${suffix.slice(2)}`
  await ip(host, [
    `netns add ${namespace}`,
    `link add ${tap} mtu ${mtu} type veth peer name eth0 address ${mac} mtu ${mtu} netns ${namespace}`,
    `link set ${tap} addrgenmode none`,
    ...(isConnected ? [`link set ${tap} master ${sourceBridge}`] : []),
    `link set ${tap} up`,
  ])
  await ip(
    host,
    [
      'link set eth0 addrgenmode none',
      'link set eth0 up',
      ...addresses.map((address) => `addr add ${address} dev eth0`),
    ],
    ['-n', namespace],
  )
  if (!facts.checksumOffload) await host.exec(['ip', 'netns', 'exec', namespace, 'ethtool', '-K', 'eth0', 'tx', 'off'])
  const exec: LabGuest['exec'] = async (argv, options) =>
    (await host.exec(['ip', 'netns', 'exec', namespace, ...argv], options)).stdout
  return {
    host,
    namespace,
    tap,
    exec,
    reaches: (address, options = []) =>
      exec(['ping', '-n', '-q', '-c', '1', '-W', '10', ...options, address]).then(
        () => true,
        () => false,
      ),
    remove: () => ip(host, [`link del ${tap}`, `netns del ${namespace}`]),
  }
}

async function ip(host: LabHost, lines: readonly string[], options: readonly string[] = []): Promise<void> {
  await host.exec(['ip', ...options, '-batch', '-'], { input: `${lines.join('\n')}\n` })
}
