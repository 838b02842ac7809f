// A netns guest seen from its host: the lease its NIC has, and whom it can reach.
import type { LabHost } from './lab-host.ts'
import { until } from './until.ts'

const leaseTimeoutMs = 15_000

/** The IPv4 address of a NIC once it has one. Throws when none comes in time. */
export async function leaseOf(host: LabHost, vmId: string, device = 'eth0'): Promise<string> {
  let address: string | undefined
  const found = await until(async () => {
    address = await addressOf(host, vmId, device)
    return address !== undefined
  }, leaseTimeoutMs)
  if (!found) throw new Error(`${device} of the guest on ${host.name} has no address after ${leaseTimeoutMs / 1000} s`)
  return address!
}

/** How many of three pings were answered. */
export async function ping(host: LabHost, vmId: string, address: string): Promise<number> {
  const script = `ip netns exec vm-${vmId} ping -q -c 3 -i 0.2 -W 2 ${address} || true`
  const { stdout } = await host.exec(['sh', '-c', script], { timeoutMs: 20_000 })
  return Number(/(\d+) received/.exec(stdout)?.[1] ?? 0)
}

async function addressOf(host: LabHost, vmId: string, device: string): Promise<string | undefined> {
  const { stdout } = await host.exec([
    'sh',
    '-c',
    `ip -n vm-${vmId} -j -4 addr show dev ${device} 2>/dev/null || echo []`,
  ])
  const [link] = JSON.parse(stdout) as { addr_info?: { local: string }[] }[]
  return link?.addr_info?.[0]?.local
}
