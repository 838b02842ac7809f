// Two hosts of a laboratory, each with an agent, between which VMs move.
import { join } from 'node:path'
import type { LabHost } from '../../../lab/hosts/lab-host.ts'
import { createLab } from '../../../lab/lab.ts'
import { type LabAgent, startLabAgent } from './lab-agent.ts'
import { type TestVm, testVm } from './vm-xml.ts'

export interface AgentPair extends AsyncDisposable {
  readonly source: LabAgent
  readonly destination: LabAgent
  /** The nth VM, Up on the source. */
  running(n: number, nicCount?: number, more?: Partial<TestVm>): Promise<TestVm>
  /** VM.migrate, from source to destination unless told otherwise. */
  migrate(vmId: string, way?: { from?: LabAgent; to?: string }): Promise<unknown>
  /** Ends all VMs on both. */
  clear(): Promise<void>
}

/** The plugin type OLD has a driver without verbs for migration. */
export async function startAgentPair(): Promise<AgentPair> {
  await using started = new AsyncDisposableStack()
  const lab = started.use(await createLab({ hosts: ['host-a', 'host-b'] }))
  const agents = await Promise.all(lab.hosts.map((host) => startLabAgent(host, { config: configOf(host) })))
  for (const agent of agents) started.use(agent)
  const [source, destination] = agents as [LabAgent, LabAgent]
  const stack = started.move()
  return {
    source,
    destination,
    async running(n, nicCount = 1, more = {}) {
      const vm = testVm(n, nicCount, more)
      await source.create(vm)
      return vm
    },
    migrate: (vmId, { from = source, to = destination.host.address } = {}) =>
      from.call('VM.migrate', { vmID: vmId, params: { vmId, dst: to, mode: 'remote', method: 'online' } }),
    async clear() {
      for (const agent of agents) await agent.clear()
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

function configOf(host: LabHost) {
  const driver = join(import.meta.dirname, 'scripted-driver.ts')
  const bed = join(host.dir, 'bed')
  const old = { bed, name: 'old', pluginTypes: ['OLD'], migrates: false }
  return { 'driver-timeout': 3, drivers: [{ bed }, old].map((options) => ({ driver, options })) }
}
