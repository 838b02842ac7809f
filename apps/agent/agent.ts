// A running agent: context, servers, recovery of what was there before, and the orderly end.
import type { Logger } from 'pino'
import type { AgentConfig } from './config.ts'
import { createContext } from './context.ts'
import { createApiServer, createHealthServer } from './server.ts'
import { watchGuestEnds } from './vms/guest-ended.ts'
import { recoverVms } from './vms/recover.ts'

export interface Agent extends AsyncDisposable {
  /** That the VDSM API listens on. */
  readonly port: number
}

/** Resolves when calls are answered. VMs keep running when the agent ends. */
export async function startAgent(config: AgentConfig, logger: Logger): Promise<Agent> {
  await using started = new AsyncDisposableStack()
  const context = await createContext(config, logger)
  started.defer(() => context.hypervisor.close())
  for (const driver of context.registry.drivers) started.defer(() => driver[Symbol.asyncDispose]?.())
  const readiness = { ready: false }
  started.defer(async () => void (await context.hooks.runXml('after_vdsm_stop', undefined)))
  await context.hooks.runXml('before_vdsm_start', undefined)
  await context.networks.restore()
  const api = createApiServer(context, readiness, logger)
  started.defer(() => api.close())
  const port = await api.listen(config.listen)
  if (config.healthListen) {
    const health = createHealthServer(context, readiness, logger)
    started.defer(() => health.close())
    await health.listen(config.healthListen)
  }
  await recoverVms(context)
  watchGuestEnds(context)
  readiness.ready = true
  const stack = started.move()
  return { port, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}
