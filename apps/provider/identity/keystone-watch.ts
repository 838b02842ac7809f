// Whether Keystone answers: what failed last, and asking again until it does.

export interface KeystoneWatch extends Disposable {
  /** Why tokens cannot be checked, or undefined when they can. */
  missing(): string | undefined
  succeeded(): void
  failed(reason: string): void
}

/** `probe` tells the watch itself how it went; it begins at once. */
export function watchKeystone(probe: () => Promise<void>, retryMs: number): KeystoneWatch {
  let missing: string | undefined = 'Keystone has not been asked yet'
  let timer: NodeJS.Timeout | undefined
  let ended = false
  const later = () => {
    if (ended || timer) return
    timer = setTimeout(async () => {
      await probe()
      timer = undefined
      if (missing !== undefined) later()
    }, retryMs).unref()
  }
  return {
    missing: () => missing,
    succeeded() {
      missing = undefined
    },
    failed(reason) {
      missing = reason
      later()
    },
    [Symbol.dispose]() {
      ended = true
      clearTimeout(timer)
    },
  }
}
