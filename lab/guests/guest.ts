// A guest seen from its host: the lease its NIC has, and whom it can reach.
import type { LabHost } from '../hosts/lab-host.ts'
import { until } from '../until.ts'

/** Runs a line of shell in a guest and answers what it printed, whatever its exit code. */
export type GuestShell = (host: LabHost, vmId: string, line: string) => Promise<string>

/** In a netns guest. */
export const inNamespace: GuestShell = async (host, vmId, line) => {
  const argv = ['sh', '-c', 'ip netns exec "vm-$1" sh -c "$2" || true', 'sh', vmId, line]
  return (await host.exec(argv, { timeoutMs: 60_000 })).stdout
}

/** A virtual machine without KVM boots meanwhile, on a machine that has other things to do. */
const leaseTimeoutMs = 60_000

/** The IPv4 address of a NIC once it has one. Throws when none comes in time. */
export async function leaseOf(host: LabHost, vmId: string, device = 'eth0', shell = inNamespace): Promise<string> {
  let address: string | undefined
  const found = await until(async () => {
    address = /inet ([\d.]+)/.exec(await shell(host, vmId, `ip -4 addr show dev ${device} 2>/dev/null`))?.[1]
    return address !== undefined
  }, leaseTimeoutMs)
  if (!found) throw new Error(`${device} of the guest on ${host.name} has no address after ${leaseTimeoutMs / 1000} s`)
  return address!
}

/** How many of three pings were answered. */
export async function ping(host: LabHost, vmId: string, address: string, shell = inNamespace): Promise<number> {
  const told = await shell(host, vmId, `ping -q -c 3 -i 0.2 -W 2 ${address}`)
  return Number(/(\d+)( packets)? received/.exec(told)?.[1] ?? 0)
}
