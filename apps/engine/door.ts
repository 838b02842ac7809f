// Where the engine is asked: while it stands by, it answers there that another one has to be asked.
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { createHttp, createMetrics } from '@patchbay/service/http.ts'
import type { Address } from '@patchbay/service/options.ts'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { EngineConfig } from './config.ts'
import { openAuthority } from './pki/authority.ts'
import { createEngineIdentity } from './pki/engine-identity.ts'

export interface Door {
  /** Refuses requests in these words: 503. */
  standBy(why: string): Promise<void>
  /** For the engine to open its own server at this address. */
  close(): Promise<void>
  address(): Address
  /** The engine's own server answers. */
  served(url: string): void
  hasServed(): boolean
  /** How others reach this engine, as far as it knows. */
  ownUrl(): string
}

export function createDoor(config: EngineConfig, logger: Logger, onServing: (url: string) => void): Door {
  let server: FastifyInstance | undefined
  let address = config.listen
  let reason = ''
  let isServing = false
  let usesTls = config.tls !== undefined || config.ownNames.length > 0

  /** The same from now on, also where the system chose the port. */
  function served(url: string): void {
    address = { ...address, port: Number(new URL(url).port) || address.port }
    usesTls = url.startsWith('https:')
    isServing = true
    onServing(url)
  }

  return {
    async standBy(why) {
      if (why !== reason) logger.warn({ why }, 'not at work')
      reason = why
      if (server) return
      server = await createStandbyServer(config, logger, () => reason)
      served(await server.listen(address))
    },
    async close() {
      await server?.close()
      server = undefined
      reason = ''
    },
    address: () => address,
    served,
    hasServed: () => isServing,
    ownUrl() {
      const isEverywhere = ['', '::', '0.0.0.0'].includes(address.host)
      const host = config.ownNames[0] ?? (isEverywhere ? hostname() : address.host)
      return `${usesTls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${address.port}`
    },
  }
}

async function createStandbyServer(config: EngineConfig, logger: Logger, why: () => string): Promise<FastifyInstance> {
  const metrics = createMetrics()
  const tls = config.tls ?? (await ownTls(config))
  const app = createHttp({
    logger,
    metrics,
    ...(tls && { tls }),
    requestId: () => randomUUID(),
    notReady: () => 'standby',
  })
  app.setNotFoundHandler((_request, reply) =>
    reply.code(503).header('retry-after', '1').send({ reason: 'Service Unavailable', detail: why() }),
  )
  return app
}

async function ownTls({ ownNames, caDir }: EngineConfig) {
  if (ownNames.length === 0) return undefined
  return (await createEngineIdentity(await openAuthority(caDir, Date.now), ownNames, Date.now)).tls()
}
