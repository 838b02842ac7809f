// Functions that want to know: one that throws keeps nothing from the others, nor from who calls them.

/** Told what a listener threw. */
export type ListenerErrorHandler = (error: unknown) => void

export class Listeners<Event> {
  readonly #listeners = new Set<(event: Event) => void>()
  readonly #onError: ListenerErrorHandler

  constructor(onError: ListenerErrorHandler) {
    this.#onError = onError
  }

  get size(): number {
    return this.#listeners.size
  }

  /** Returns what ends it. */
  add(listener: (event: Event) => void): () => void {
    // The same function twice is two listeners.
    const own = (event: Event) => listener(event)
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  call(event: Event): void {
    for (const listener of this.#listeners) {
      try {
        listener(event)
      } catch (error) {
        this.#onError(error)
      }
    }
  }
}

/** Where nobody asked to be told: a warning of the process. */
export function warnOfListener(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : new Error(String(error)))
}
