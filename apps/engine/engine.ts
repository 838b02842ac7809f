// A running engine. It works while the database is its own; while another engine has it, it stands by.
import { setTimeout as delay } from 'node:timers/promises'
import { ConfigurationError } from '@patchbay/service/options.ts'
import type { Logger } from 'pino'
import type { EngineConfig } from './config.ts'
import { createDoor, type Door } from './door.ts'
import { openStore } from './store/store.ts'
import { startWork } from './work.ts'

export interface Engine extends AsyncDisposable {
  readonly url: string
}

const tryAgainMs = 1_000

/** Resolves when it answers requests, if only to say that it stands by. */
export async function startEngine(config: EngineConfig, logger: Logger): Promise<Engine> {
  const stopping = new AbortController()
  const serving = Promise.withResolvers<string>()
  const door = createDoor(config, logger, serving.resolve)
  const life = live({ config, logger, door, signal: stopping.signal })
  // Before it has served, what is wrong is told to whoever starts it.
  life.catch(serving.reject)
  const url = await serving.promise
  return {
    url,
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await life
    },
  }
}

interface Life {
  readonly config: EngineConfig
  readonly logger: Logger
  readonly door: Door
  readonly signal: AbortSignal
}

async function live(life: Life): Promise<void> {
  const { logger, door, signal } = life
  while (!signal.aborted) {
    try {
      await workOnce(life)
    } catch (err) {
      if (signal.aborted) break
      if (!door.hasServed() || err instanceof ConfigurationError) throw err
      logger.error({ err }, 'the engine cannot work, and tries again')
      await door.standBy(`This engine cannot work: ${(err as Error).message}.`)
      await delay(tryAgainMs, undefined, { signal }).catch(() => {})
    }
  }
  await door.close()
}

/** Until the engine is stopped, or has lost the database. */
async function workOnce({ config, logger, door, signal }: Life): Promise<void> {
  await using store = await openStore(config.database, {
    name: door.ownUrl(),
    standBy: (leader) => door.standBy(`This engine stands by. Ask ${leader || 'the other one'}.`),
    signal,
  })
  await door.close()
  const work = await startWork({ ...config, listen: door.address() }, store, logger)
  door.served(work.url)
  logger.info({ url: work.url }, 'at work')
  const lost = await Promise.race([store.lost, aborted(signal)])
  if (!lost) return await work[Symbol.asyncDispose]()
  logger.error({ err: lost }, 'the database is lost: another engine may take over')
  await work.abandon().catch((err) => logger.warn({ err }, 'the work did not end in order'))
}

const aborted = (signal: AbortSignal) =>
  new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined)
    else signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
