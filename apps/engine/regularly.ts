// What the engine does by itself from time to time: never twice at once, and its end waits for what is under way.
import { setTimeout as delay } from 'node:timers/promises'

/**
 * With `everyMs` between the end of one and the begin of the next; 0: never. `work` tells its failures itself, and ends early
 * when its signal is aborted.
 */
export function regularly(everyMs: number, work: (stopping: AbortSignal) => Promise<unknown>): AsyncDisposable {
  const stopping = new AbortController()
  const turns = async () => {
    while (await passes(everyMs, stopping.signal)) await work(stopping.signal)
  }
  const running = everyMs > 0 ? turns() : Promise.resolve()
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await running
    },
  }
}

async function passes(ms: number, signal: AbortSignal): Promise<boolean> {
  await delay(ms, undefined, { signal }).catch(() => {})
  return !signal.aborted
}
