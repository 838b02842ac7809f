// A host for tests: VDSM's verbs over the real protocol, with VMs that are entries of a map. Remembers what it was told.
import type { TestContext } from 'node:test'
import type { Method } from '@patchbay/vdsm-rpc/calls/call-dispatcher.ts'
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { createVdsmServer, type VdsmServer } from '@patchbay/vdsm-rpc/server.ts'
import { until } from '../../../lab/until.ts'
import type { TestEngine } from './test-engine.ts'

export interface TestVm {
  readonly status: string
  readonly exitCode?: number
  readonly exitReason?: number
  readonly exitMessage?: string
  /** MAC addresses of the NICs it has. */
  readonly macs: readonly string[]
}

export interface HostCall {
  readonly method: string
  readonly params: any
  readonly correlationId: string | undefined
}

export interface TestHost {
  readonly port: number
  readonly vms: Map<string, TestVm>
  /** Calls about VMs, in their order. */
  readonly calls: HostCall[]
  /** Another answer to a verb; undefined: the usual one again. */
  answer(method: string, verb: Method | undefined): void
  /** The VM changed by itself: told to the engine. */
  change(vmId: string, vm: TestVm): void
  /** An event without more to say. */
  tell(event: string): void
  /** Gone without a word, as after kill -9; what it knows of VMs stays. */
  crash(): Promise<void>
  start(): Promise<void>
}

/** `peers`: hosts that VMs can be moved to. `more`: verbs beside the usual ones, or instead of them. */
export async function startTestHost(
  t: TestContext,
  peers: readonly TestHost[] = [],
  more: Readonly<Record<string, Method>> = {},
): Promise<TestHost> {
  const vms = new Map<string, TestVm>()
  const calls: HostCall[] = []
  const answers = new Map<string, Method>()
  const usual = { ...usualVerbs(vms, peers), ...more }
  const methods = Object.fromEntries(
    Object.keys(usual).map((method): [string, Method] => [
      method,
      async (params, call) => {
        if (method.startsWith('VM.')) calls.push({ method, params, correlationId: call.correlationId })
        return (answers.get(method) ?? usual[method]!)(params, call)
      },
    ]),
  )
  let server: VdsmServer | undefined
  let port = 0
  const host: TestHost = {
    get port() {
      return port
    },
    vms,
    calls,
    answer: (method, verb) => void (verb ? answers.set(method, verb) : answers.delete(method)),
    change(vmId, vm) {
      vms.set(vmId, vm)
      server?.emit(`|virt|VM_status|${vmId}`, { [vmId]: { vmId, ...vm }, notify_time: 1 })
    },
    tell: (event) => server?.emit(event, { notify_time: 1 }),
    async crash() {
      await server?.close()
      server = undefined
    },
    async start() {
      const logger = { debug() {}, info() {}, warn() {}, error() {} }
      server = createVdsmServer({ methods, logger, limits: { closeTimeoutMs: 1 } })
      port = await server.listen({ host: '127.0.0.1', port })
    },
  }
  await host.start()
  t.after(() => host.crash())
  return host
}

const migrated = 4
const saved = 5

function usualVerbs(vms: Map<string, TestVm>, peers: readonly TestHost[]): Record<string, Method> {
  const known = (vmId: unknown): TestVm => {
    const vm = vms.get(vmId as string)
    if (!vm) throw vdsmError('NoSuchVM', { vmId: vmId as string })
    return vm
  }
  const stats = (vmId: string, { macs, ...vm }: TestVm) => ({
    vmId,
    ...vm,
    network: Object.fromEntries(macs.map((mac) => [`tap-${mac}`, { macAddr: mac }])),
  })
  return {
    'Host.getCapabilities': async () => ({ openstack_binding_host_ids: { TEST: 'the-host' } }),
    'Host.getAllVmStats': async () => [...vms].map(([vmId, vm]) => stats(vmId, vm)),
    'VM.getStats': async ({ vmID }) => [stats(vmID as string, known(vmID))],
    'VM.create': async ({ vmID, vmParams }) => {
      if (vms.has(vmID as string)) throw vdsmError('VMExists', { vmId: vmID as string })
      const { xml } = vmParams as { xml: string }
      for (const [at, alias] of aliasesIn(xml).entries()) macOf.set(alias, macsIn(xml)[at]!)
      const status = /launchPaused[^>]*>true</.test(xml) ? 'Paused' : 'Up'
      vms.set(vmID as string, { status, macs: macsIn(xml) })
      return {}
    },
    'VM.destroy': async ({ vmID }) => {
      known(vmID)
      vms.delete(vmID as string)
    },
    'VM.hotplugNic': async ({ vmID, params }) => {
      const vm = known(vmID)
      const added = macsIn((params as { xml: string }).xml)
      for (const [at, alias] of aliasesIn((params as { xml: string }).xml).entries()) macOf.set(alias, added[at]!)
      vms.set(vmID as string, { ...vm, macs: [...new Set([...vm.macs, ...added])] })
      return {}
    },
    'VM.hotunplugNic': async ({ vmID, params }) => {
      const vm = known(vmID)
      const unplugged = aliasesIn((params as { xml: string }).xml).map((alias) => macOf.get(alias))
      vms.set(vmID as string, { ...vm, macs: vm.macs.filter((mac) => !unplugged.includes(mac)) })
      return {}
    },
    'VM.updateDevice': async ({ vmID }) => {
      known(vmID)
      return {}
    },
    'VM.cont': async ({ vmID }) => {
      vms.set(vmID as string, { ...known(vmID), status: 'Up' })
      return { vmList: {} }
    },
    'VM.shutdown': async ({ vmID, reboot }) => {
      vms.set(vmID as string, { ...known(vmID), status: reboot ? 'RebootInProgress' : 'Powering down' })
      return true
    },
    'VM.hibernate': async ({ vmID }) => {
      known(vmID)
      vms.set(vmID as string, { status: 'Down', exitCode: 0, exitReason: saved, macs: [] })
      return true
    },
    'VM.getMigrationStatus': async ({ vmID }) => {
      known(vmID)
      throw vdsmError('MigrationNotInProgress')
    },
    'VM.migrateCancel': async ({ vmID }) => {
      known(vmID)
      throw vdsmError('MigrationNotInProgress')
    },
    'VM.migrate': async ({ vmID, params }) => {
      const vm = known(vmID)
      const { dst } = params as { dst: string }
      const peer = peers.find(({ port }) => dst === `127.0.0.1:${port}`)
      if (!peer) throw vdsmError('NoConnectionToPeer', dst)
      peer.vms.set(vmID as string, vm)
      vms.set(vmID as string, { status: 'Down', exitReason: migrated, macs: [] })
    },
  }
}

/** Which NIC has which address: what unplugs it names the alias alone. */
const macOf = new Map<string, string>()
const aliasesIn = (xml: string) => [...xml.matchAll(/<alias name="([^"]+)"/g)].map(([, alias]) => alias!)
const macsIn = (xml: string) => [...xml.matchAll(/<mac address="([^"]+)"/g)].map(([, mac]) => mac!)

/** Adds the host to the engine and waits until it is up; answers its id there. */
export async function addHost(engine: TestEngine, clusterId: string, { port }: TestHost, name = 'h'): Promise<string> {
  const host = { name, address: '127.0.0.1', port: String(port), cluster: { id: clusterId } }
  const { id } = await engine.ask('POST', '/hosts', host)
  const isUp = await until(async () => (await engine.ask('GET', `/hosts/${id}`)).status === 'up', 5_000)
  if (!isUp) throw new Error(`host ${name} did not come up`)
  return id
}

/** Resolves when no workflow is recorded any more. */
export async function untilIdle({ url }: TestEngine): Promise<void> {
  const isIdle = async () => !/^engine_workflows\{/m.test(await (await fetch(`${url}/metrics`)).text())
  if (!(await until(isIdle, 10_000))) throw new Error('there are still workflows after 10 s')
}
