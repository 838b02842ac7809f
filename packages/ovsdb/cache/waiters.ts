// Those who wait until a replica has something.

/** It did not come in time. */
export class WaitTimeoutError extends Error {
  override readonly name = 'WaitTimeoutError'
  readonly timeoutMs: number

  constructor(what: string, timeoutMs: number) {
    super(`${what} did not come about within ${Math.round(timeoutMs)} ms.`)
    this.timeoutMs = timeoutMs
  }
}

interface Waiter {
  readonly check: () => void
  readonly fail: (error: Error) => void
}

export class Waiters {
  readonly #waiting = new Set<Waiter>()
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Resolves to the first result that is not undefined, null or false. Throws a WaitTimeoutError, or what `find` throws. */
  async wait<T>(find: () => T, { what, timeoutMs }: { what: string; timeoutMs: number }): Promise<NonNullable<T>> {
    if (this.#waiting.size >= this.#limit) throw new Error(`${this.#limit} calls wait for the replica already.`)
    const { promise, resolve, reject } = Promise.withResolvers<NonNullable<T>>()
    const waiter: Waiter = {
      check() {
        const found = find()
        if (found !== undefined && found !== null && found !== false) resolve(found as NonNullable<T>)
      },
      fail: reject,
    }
    this.#waiting.add(waiter)
    const timer = setTimeout(() => reject(new WaitTimeoutError(what, timeoutMs)), timeoutMs)
    checkSafely(waiter)
    return promise.finally(() => {
      clearTimeout(timer)
      this.#waiting.delete(waiter)
    })
  }

  checkAll(): void {
    for (const waiter of this.#waiting) checkSafely(waiter)
  }

  failAll(error: Error): void {
    for (const { fail } of this.#waiting) fail(error)
  }
}

function checkSafely({ check, fail }: Waiter): void {
  try {
    check()
  } catch (error) {
    fail(error as Error)
  }
}
