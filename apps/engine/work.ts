// An engine at work: context, connections to the hosts, interrupted workflows taken up, server; and the orderly end.
import type { Server } from 'node:tls'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { EngineConfig } from './config.ts'
import { type Context, createContext } from './context.ts'
import { removeOldEvents } from './events/event-retention.ts'
import { regularly } from './regularly.ts'
import { createServer } from './server.ts'
import type { Store } from './store/store.ts'

export interface Work extends AsyncDisposable {
  readonly url: string
  /** Ends it when another engine may be at work already: hosts and providers hear nothing more. */
  abandon(): Promise<void>
}

const renewalEveryMs = 3_600_000
const cleaningEveryMs = 3_600_000

export async function startWork(config: EngineConfig, store: Store, logger: Logger): Promise<Work> {
  await using started = new AsyncDisposableStack()
  const context = await createContext(config, store, logger)
  const { hosts, providers, workflows } = context.parts
  if (config.administrator) await context.users.keepAdministrator(config.administrator.name)
  started.use(providers)
  started.use(hosts)
  started.use(context.deployments)
  started.use(context.live)
  started.use(context.access)
  await takeUpWork(context)
  started.defer(() => workflows.stop())
  const untold = (what: string) => (err: unknown) => logger.error({ err }, `${what} failed`)
  started.use(regularly(config.providerSyncEveryMs, (stopping) => context.providerSync.syncAll(stopping)))
  started.use(
    regularly(config.reconciliationEveryMs, (stopping) =>
      context.reconciler.run(stopping).catch(untold('a reconciliation')),
    ),
  )
  const retentionMs = config.eventRetentionMs
  started.use(
    regularly(retentionMs > 0 ? cleaningEveryMs : 0, (stopping) =>
      removeOldEvents(store, new Date(Date.now() - retentionMs).toISOString(), stopping).catch(
        untold('the removal of old events'),
      ),
    ),
  )
  const server = createServer(context, logger)
  started.defer(() => server.close())
  const url = await server.listen(config.listen)
  const renewal = setInterval(() => {
    renewCertificates(context, server).catch((err) => logger.error({ err }, 'certificates were not renewed'))
  }, renewalEveryMs)
  started.defer(() => clearInterval(renewal))
  const stack = started.move()
  return {
    url,
    async abandon() {
      await Promise.allSettled([hosts[Symbol.asyncDispose](), providers[Symbol.asyncDispose]()])
      await stack.disposeAsync()
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** What was interrupted goes on, and the hosts are connected. */
export async function takeUpWork({ parts: { store, hosts, workflows } }: Context): Promise<void> {
  // First, so that nothing a host tells gets in the way of what was interrupted.
  const takeUp = await workflows.recover()
  const known = await store.hosts.find({})
  // Until its agent has answered, nothing is known of a host.
  await store.transaction(async (tables) => {
    for (const { id } of known) await tables.hosts.update(id, { status: 'connecting', statusDetail: '' })
  })
  for (const host of known) hosts.add(host)
  takeUp()
}

/** Connections that stand go on; new ones see the new certificates. */
async function renewCertificates(
  { config, identity, deliverCertificates }: Context,
  server: FastifyInstance,
): Promise<void> {
  const isNew = await identity?.renew()
  if (isNew && !config.tls) (server.server as unknown as Server).setSecureContext(identity!.tls())
  await deliverCertificates()
}
