// Many hosts in this process, each a server of VDSM's real protocol; their VMs are entries of a map.
import { setTimeout as delay } from 'node:timers/promises'
import type { Method } from '@patchbay/vdsm-rpc/calls/call-dispatcher.ts'
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { createVdsmServer } from '@patchbay/vdsm-rpc/server.ts'

export interface SimulatedHost {
  readonly port: number
  /** VM → the addresses of its NICs. */
  readonly vms: Map<string, readonly string[]>
  close(): Promise<void>
}

/** What a host takes for it, as measured with libvirt and QEMU. */
export const hostMs = { create: 500, plug: 60 }

/** ms that calls of hosts took in all, from when they were read to their answer: a timer may be late. */
export const hostTime = { totalMs: 0 }

const logger = { debug() {}, info() {}, warn() {}, error() {} }

export async function startHost(name: string): Promise<SimulatedHost> {
  const vms = new Map<string, readonly string[]>()
  const server = createVdsmServer({ methods: verbs(name, vms), logger, limits: { closeTimeoutMs: 1 } })
  const port = await server.listen({ host: '127.0.0.1', port: 0 })
  return { port, vms, close: () => server.close() }
}

function verbs(name: string, vms: Map<string, readonly string[]>): Record<string, Method> {
  const stats = (vmId: string, macs: readonly string[]) => ({
    vmId,
    status: 'Up',
    network: Object.fromEntries(macs.map((macAddr) => [`tap-${macAddr}`, { macAddr }])),
  })
  const working = async (ms: number) => {
    const began = performance.now()
    await delay(ms)
    hostTime.totalMs += performance.now() - began
  }
  return {
    'Host.getCapabilities': async () => ({ openstack_binding_host_ids: { BENCH: name } }),
    'Host.getAllVmStats': async () => [...vms].map(([vmId, macs]) => stats(vmId, macs)),
    'VM.getStats': async ({ vmID }) => {
      const macs = vms.get(vmID as string)
      if (!macs) throw vdsmError('NoSuchVM', { vmId: vmID as string })
      return [stats(vmID as string, macs)]
    },
    'VM.create': async ({ vmID, vmParams }) => {
      await working(hostMs.create)
      vms.set(vmID as string, macsIn((vmParams as { xml: string }).xml))
      return {}
    },
    'VM.hotplugNic': async ({ vmID, params }) => {
      await working(hostMs.plug)
      const added = macsIn((params as { xml: string }).xml)
      vms.set(vmID as string, [...(vms.get(vmID as string) ?? []), ...added])
      return {}
    },
  }
}

const macsIn = (xml: string) => [...xml.matchAll(/<mac address="([^"]+)"/g)].map(([, mac]) => mac!)
