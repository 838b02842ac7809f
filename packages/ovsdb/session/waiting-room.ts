// Where calls wait for a session: so many, and so long.
import { ConnectionError } from '../transport/connection-error.ts'
import type { Session } from './session.ts'

interface Waiter {
  readonly resolve: (session: Session) => void
  readonly reject: (reason: ConnectionError) => void
  readonly timer: NodeJS.Timeout
}

export class WaitingRoom {
  readonly #limit: number
  readonly #waiters = new Set<Waiter>()
  #lastRefusal: ConnectionError | undefined

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Throws a ConnectionError that says why there was none. */
  wait(timeoutMs: number): Promise<Session> {
    if (this.#waiters.size >= this.#limit)
      throw new ConnectionError('busy', undefined, `${this.#limit} calls wait for a connection already.`)
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter)
        reject(this.#tooLate(timeoutMs))
      }, timeoutMs)
      const waiter = { resolve, reject, timer }
      this.#waiters.add(waiter)
    })
  }

  /** An attempt to connect has failed; those who wait in vain are told the latest reason. */
  refused(reason: ConnectionError): void {
    this.#lastRefusal = reason
  }

  admit(session: Session): void {
    this.#lastRefusal = undefined
    for (const waiter of this.#takeAll()) waiter.resolve(session)
  }

  close(reason: ConnectionError): void {
    for (const waiter of this.#takeAll()) waiter.reject(reason)
  }

  #takeAll(): Waiter[] {
    const waiters = [...this.#waiters]
    this.#waiters.clear()
    for (const { timer } of waiters) clearTimeout(timer)
    return waiters
  }

  #tooLate(timeoutMs: number): ConnectionError {
    const { remote, message } = this.#lastRefusal ?? {}
    const latest = message ? ` The latest attempt: ${message}` : ''
    return new ConnectionError('timeout', remote, `No server to work with within ${Math.round(timeoutMs)} ms.${latest}`)
  }
}
