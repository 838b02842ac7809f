// The rates of bare/http-ovsdb-server.ts, under the load that the provider gets.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { HttpClient } from '@patchbay/networking-api/client/http-client.ts'
import { load } from '../load.ts'
import type { BareRates } from './ovsdb-ports.ts'

/** As many ports are made, changed and removed again. */
export async function bareHttp(
  http: HttpClient,
  remote: string,
  networkId: string,
  inFlight: number,
  count: number,
): Promise<BareRates> {
  const server = spawn(process.execPath, [join(import.meta.dirname, 'http-ovsdb-server.ts'), remote, networkId], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const [line] = await once(server.stdout, 'data')
    const url = `${String(line).trim()}/v2.0/ports`
    const ids: string[] = []
    const rate = async (act: (index: number) => Promise<unknown>) => (await load(inFlight, count, act)).perSecond
    return {
      post: await rate(async (index) => {
        const { body } = await http.send('POST', url, {
          body: { port: { network_id: networkId, name: `nic-${index}` } },
        })
        ids.push((body as { id: string }).id)
      }),
      put: await rate((index) => http.send('PUT', `${url}/${ids[index]}`, { body: { port: { name: 'other' } } })),
      remove: await rate((index) => http.send('DELETE', `${url}/${ids[index]}`)),
    }
  } finally {
    server.kill('SIGKILL')
  }
}
