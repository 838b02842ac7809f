// A running engine: context, connections to the hosts, interrupted workflows taken up, server; and the orderly end.
import type { Logger } from 'pino'
import type { EngineConfig } from './config.ts'
import { createContext } from './context.ts'
import { createServer } from './server.ts'

export interface Engine extends AsyncDisposable {
  readonly url: string
}

export async function startEngine(config: EngineConfig, logger: Logger): Promise<Engine> {
  await using started = new AsyncDisposableStack()
  const context = await createContext(config, logger)
  const { store, hosts, providers, workflows } = context.parts
  started.use(store)
  started.use(providers)
  started.use(hosts)
  // First, so that nothing a host tells gets in the way of what was interrupted.
  const takeUp = await workflows.recover()
  for (const host of await store.hosts.find({})) {
    // Until its agent has answered, nothing is known of a host.
    await store.hosts.update(host.id, { status: 'connecting', statusDetail: '' })
    hosts.add(host)
  }
  takeUp()
  started.defer(() => workflows.stop())
  const server = createServer(context, logger)
  started.defer(() => server.close())
  const url = await server.listen(config.listen)
  const stack = started.move()
  return { url, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}
