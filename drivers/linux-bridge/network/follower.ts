// Networks on this host follow the provider: from time to time, and soon after a port came or went. In the background, one
// after the other; what fails is tried again the next time.
export interface Follower extends Disposable {
  /** The network is followed in a moment, once for all that ask until then. */
  soon(networkId: string): void
}

const momentMs = 1_000

/** `everyMs` 0: never, nor soon. */
export function createFollower(parts: {
  readonly everyMs: number
  networks(): readonly string[]
  follow(networkId: string): Promise<unknown>
  failed(networkId: string, error: unknown): void
}): Follower {
  const { everyMs, networks, follow, failed } = parts
  const waiting = new Set<string>()
  let working = false
  let moment: NodeJS.Timeout | undefined

  async function work(): Promise<void> {
    moment = undefined
    if (working) return
    working = true
    for (const networkId of waiting) {
      waiting.delete(networkId)
      await follow(networkId).catch((error) => failed(networkId, error))
    }
    working = false
  }

  function soon(networkId: string): void {
    if (everyMs === 0) return
    waiting.add(networkId)
    // Nobody waits for it: a process may end before.
    moment ??= setTimeout(() => void work(), momentMs).unref()
  }

  const timer = everyMs > 0 ? setInterval(() => networks().forEach(soon), everyMs).unref() : undefined
  return {
    soon,
    [Symbol.dispose]() {
      clearInterval(timer)
      clearTimeout(moment)
      waiting.clear()
    },
  }
}
