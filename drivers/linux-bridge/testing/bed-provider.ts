// A provider in this process whose state outlives it: it can be stopped and started again at the same address.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { createNetworkingClient, type NetworkingClient } from '@patchbay/networking-api/client/client.ts'
import { createHttpClient } from '@patchbay/networking-api/client/http-client.ts'
import { createTokenSource } from '@patchbay/networking-api/client/identity-client.ts'
import { pino } from 'pino'
import { type Provider, startProvider } from '../../../apps/provider/provider.ts'

export interface BedProvider extends AsyncDisposable {
  readonly url: string
  /** undefined: no administrator, no authentication. */
  readonly identityUrl: string | undefined
  readonly client: NetworkingClient
  /** Resolves when nothing listens any more. */
  stop(): Promise<void>
  start(): Promise<void>
}

export async function startBedProvider(
  host: string,
  dataDir: string,
  administrator?: { name: string; password: string },
): Promise<BedProvider> {
  const listen = { host, port: 0 }
  const config = {
    listen,
    identityListen: { host, port: 0 },
    dataDir,
    identity: administrator && { usersFile: join(dataDir, 'users.json'), administrator, tokenLifetimeMs: 3_600_000 },
    ovn: undefined,
    maxMtu: 1450,
    bodyLimitBytes: 1_048_576,
    tls: undefined,
  }
  let running: Provider | undefined
  const start = async () => {
    running = await startProvider(config, pino({ level: 'silent' }))
    listen.port = Number(new URL(running.url).port)
    return running
  }
  const stop = async () => {
    await running?.[Symbol.asyncDispose]()
    running = undefined
  }
  const { url, identityUrl } = await start()
  const http = createHttpClient()
  const tokens =
    identityUrl && administrator
      ? createTokenSource(http, {
          authUrl: identityUrl,
          username: administrator.name,
          password: administrator.password,
        })
      : undefined
  return {
    url,
    identityUrl,
    client: createNetworkingClient(http, url, tokens),
    stop,
    start: async () => void (await start()),
    async [Symbol.asyncDispose]() {
      await http.close()
      await stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
