// Whether the engine reaches this host: after a change of networks it has to be heard from, or the change is undone.

export interface EngineContact {
  /** The engine called a verb that says so: Host.ping and Host.confirmConnectivity, as in VDSM. */
  heard(): void
  /** Whether it calls within the time, from now on. */
  within(timeoutMs: number): Promise<boolean>
}

export function createEngineContact(): EngineContact {
  const waiting = new Set<() => void>()
  return {
    heard() {
      for (const tell of waiting) tell()
    },
    within(timeoutMs) {
      const { promise, resolve } = Promise.withResolvers<boolean>()
      const hears = () => resolve(true)
      const timer = setTimeout(resolve, timeoutMs, false)
      waiting.add(hears)
      return promise.finally(() => {
        clearTimeout(timer)
        waiting.delete(hears)
      })
    },
  }
}
