// Lets one process at a time remove a given lab: a slow second one would hit the next lab with that number.
import { once } from 'node:events'
import { createServer } from 'node:net'
import { until } from '../until.ts'

const TURN_TIMEOUT_MS = 30_000

/** An abstract unix socket is the lock: the kernel frees it with its holder, however that ends. */
export async function takeRemovalTurn(number: number): Promise<AsyncDisposable> {
  const server = createServer()
  const took = await until(() => listens(server, `\0patchbay-lab-${number}-removal`), TURN_TIMEOUT_MS)
  if (!took) throw new Error(`lab ${number} has been in removal by another process for ${TURN_TIMEOUT_MS} ms`)
  return { [Symbol.asyncDispose]: async () => void server.close() }
}

async function listens(server: ReturnType<typeof createServer>, path: string): Promise<boolean> {
  try {
    server.listen(path)
    await once(server, 'listening')
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false
    throw error
  }
}
