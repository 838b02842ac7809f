// The rates of bare/http-ovsdb-server.ts, under the load that the provider gets.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { openExchange } from '../exchange.ts'
import { load } from '../load.ts'
import type { BareRates } from './ovsdb-ports.ts'

export interface BareHttp extends Disposable {
  /** As many ports are made, changed and removed again. */
  rates(inFlight: number, count: number): Promise<BareRates>
}

export async function startBareHttp(remote: string, networkId: string): Promise<BareHttp> {
  const server = spawn(process.execPath, [join(import.meta.dirname, 'http-ovsdb-server.ts'), remote, networkId], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(server.stdout, 'data')
  const { send, ...exchange } = openExchange(String(line).trim())
  const path = '/v2.0/ports'
  return {
    async rates(inFlight, count) {
      const ids: string[] = []
      const rate = async (act: (index: number) => Promise<unknown>) => (await load(inFlight, count, act)).perSecond
      return {
        post: await rate(async (index) => {
          const port = { network_id: networkId, name: `nic-${index}` }
          ids.push(((await send('POST', path, { port })) as { id: string }).id)
        }),
        put: await rate((index) => send('PUT', `${path}/${ids[index]}`, { port: { name: 'other' } })),
        remove: await rate((index) => send('DELETE', `${path}/${ids[index]}`)),
      }
    },
    [Symbol.dispose]() {
      exchange[Symbol.dispose]()
      server.kill('SIGKILL')
    },
  }
}
