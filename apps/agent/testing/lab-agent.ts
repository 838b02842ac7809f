// An agent as a process of its own on a host of a laboratory, with hook scripts and a driver that do as told.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { VdsmEvent } from '@patchbay/vdsm-rpc/calls/json-rpc.ts'
import { connectVdsm, type VdsmClient } from '@patchbay/vdsm-rpc/client.ts'
import { vdsmErrors } from '@patchbay/vdsm-rpc/errors.ts'
import type { TlsIdentity } from '@patchbay/vdsm-rpc/tls-identity.ts'
import type { LabHost } from '../../../lab/hosts/lab-host.ts'
import type { LabProcess } from '../../../lab/processes/lab-process.ts'
import { until } from '../../../lab/until.ts'
import { createScriptBed, type ScriptBed } from './script-bed.ts'
import { tracesOf } from './traces.ts'
import { domainXml, hotplugXml, hotunplugXml, type TestNic, type TestVm } from './vm-xml.ts'

export interface LabAgent extends AsyncDisposable {
  readonly host: LabHost
  readonly bed: ScriptBed
  /** All events since the first start, of all connections. */
  readonly events: VdsmEvent[]
  readonly process: LabProcess
  /** Starts with the state that is there, and resolves when calls are answered. */
  start(): Promise<void>
  /** SIGKILL, and its end. */
  kill(): Promise<void>
  call<Result = unknown>(method: string, params?: object): Promise<Result>
  /** VM.create, and until it is Up or Down or whatever is asked for. */
  create(vm: TestVm, ...statuses: string[]): Promise<VmStats>
  hotplug(vmId: string, nic: TestNic): Promise<{ devices: { macAddr: string; alias: string }[]; xml: string }>
  hotunplug(vmId: string, alias: string): Promise<unknown>
  destroy(vmId: string): Promise<unknown>
  stats(vmId: string): Promise<VmStats>
  /** Its stats as soon as it has one of these statuses; `gone` is that of a VM that the host does not know. */
  until(vmId: string, ...statuses: string[]): Promise<VmStats>
  /** Command lines of what runs in the guest. */
  processes(vmId: string): Promise<string[]>
  /** Ends all that tests left, and makes sure that it is gone. */
  clear(): Promise<void>
  /** That nothing of any VM is left on the host. */
  assertClean(): Promise<void>
}

export interface VmStats {
  readonly vmId: string
  readonly status: string
  readonly exitCode?: number
  readonly exitReason?: number
  readonly exitMessage?: string
  readonly network?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

export interface LabAgentOptions {
  /** More keys of the configuration file, or other values. */
  readonly config?: Readonly<Record<string, unknown>>
  readonly env?: Record<string, string>
  /** Whom the test is, if the agent asks for certificates. */
  readonly tls?: TlsIdentity
}

export const agentPort = 54_321

const readyMs = 60_000
const settleMs = 60_000
const main = join(import.meta.dirname, '../main.ts')

export async function startLabAgent(host: LabHost, options: LabAgentOptions = {}): Promise<LabAgent> {
  const bed = createScriptBed(join(host.dir, 'bed'))
  const driver = { driver: join(import.meta.dirname, 'scripted-driver.ts'), options: { bed: bed.dir } }
  const config = {
    ...(options.tls === undefined && { insecure: true }),
    'hooks-dir': bed.hooksDir,
    // That of the machine is not a host's of a laboratory.
    'resolv-conf': join(host.dir, 'resolv.conf'),
    drivers: [driver, { driver: 'noop' }],
    ...options.config,
  }
  const argv = [process.execPath, main, ...flags(config)]
  const env = {
    PATH: `${bed.binDir}:${process.env.PATH}`,
    ...options.env,
  }
  const events: VdsmEvent[] = []
  let running: LabProcess | undefined
  let client: VdsmClient | undefined

  async function call<Result>(method: string, params: object = {}): Promise<Result> {
    if (!client) throw new Error(`the agent on ${host.name} is not connected`)
    return (await client.call(method, params)) as Result
  }

  async function connected(): Promise<boolean> {
    const candidate = await connectVdsm({
      host: host.address,
      port: agentPort,
      ...(options.tls && { tls: options.tls }),
    })
    candidate.onEvent((event) => events.push(event))
    client = candidate
    await call('Host.ping2')
    return true
  }

  const agent: LabAgent = {
    host,
    bed,
    events,
    get process() {
      if (!running) throw new Error('the agent has not been started')
      return running
    },
    async start() {
      const starting = host.spawn(argv, { log: 'agent.log', env })
      running = starting
      const ready = async () =>
        !starting.alive() ||
        (await connected().catch(async () => {
          await client?.close()
          return false
        }))
      if ((await until(ready, readyMs, 20)) && starting.alive()) return
      throw new Error(`the agent on ${host.name} does not serve; its log ends with:\n${tail(starting.log)}`)
    },
    async kill() {
      running?.kill('SIGKILL')
      await running?.exited
      await client?.closed
    },
    call,
    async create(vm, ...statuses) {
      await call('VM.create', { vmID: vm.vmId, vmParams: { vmId: vm.vmId, xml: domainXml(vm) } })
      return agent.until(vm.vmId, ...(statuses.length > 0 ? statuses : ['Up', 'Down']))
    },
    hotplug: (vmId, nic) => call('VM.hotplugNic', { vmID: vmId, params: { vmId, xml: hotplugXml(nic) } }),
    hotunplug: (vmId, alias) => call('VM.hotunplugNic', { vmID: vmId, params: { vmId, xml: hotunplugXml(alias) } }),
    destroy: (vmId) => call('VM.destroy', { vmID: vmId }),
    async stats(vmId) {
      const [stats] = await call<VmStats[]>('VM.getStats', { vmID: vmId })
      return stats!
    },
    async until(vmId, ...statuses) {
      let stats: VmStats | undefined
      const settled = async () => {
        stats = await agent.stats(vmId).catch((error) => {
          if (error.code === vdsmErrors.NoSuchVM.code) return { vmId, status: 'gone' }
          throw error
        })
        return statuses.includes(stats.status)
      }
      if (await until(settled, settleMs, 10)) return stats!
      throw new Error(`VM ${vmId} on ${host.name} is ${stats?.status}, not ${statuses.join(' or ')}`)
    },
    async clear() {
      bed.releaseAll()
      for (const { vmId } of await call<{ vmId: string }[]>('Host.getVMList')) await agent.destroy(vmId)
      await agent.assertClean()
    },
    async processes(vmId) {
      const list = `for pid in $(ip netns pids vm-${vmId}); do
        command=$(tr '\\0' ' ' < /proc/$pid/cmdline 2> /dev/null)
        [ ! -e /proc/$pid/ns/net ] || echo "\${command:-becomes another}"
      done`
      return (await host.exec(['sh', '-c', list])).stdout.split('\n').filter((line) => line !== '')
    },
    async assertClean() {
      await until(async () => (await tracesOf(host, running?.pid)).length === 0, 30_000, 20)
      assert.deepEqual(await tracesOf(host, running?.pid), [])
    },
    async [Symbol.asyncDispose]() {
      bed.releaseAll()
      await client?.close()
      await running?.stop()
    },
  }
  mkdirSync(host.dir, { recursive: true })
  await agent.start()
  return agent
}

function flags(config: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(config).flatMap(([key, value]) =>
    value === true ? [`--${key}`] : [`--${key}`, typeof value === 'string' ? value : JSON.stringify(value)],
  )
}

const tail = (file: string) => readFileSync(file, 'utf8').split('\n').slice(-15).join('\n')
