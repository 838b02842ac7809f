// Finds out whether a silent server is still there (RFC 7047 section 4.1.11).

export interface ProbeTimes {
  /** Silence after which the server is asked for a sign of life. */
  readonly idleMs: number
  /** How long it has for that. ovsdb-server answers nothing while it works on a large transaction or a snapshot. */
  readonly answerMs: number
}

export class EchoProbe {
  readonly #times: ProbeTimes
  readonly #ask: () => void
  readonly #onDead: () => void
  #timer: NodeJS.Timeout | undefined
  #heard = true
  #asked = false
  #stopped = false

  constructor(times: ProbeTimes, ask: () => void, onDead: () => void) {
    this.#times = times
    this.#ask = ask
    this.#onDead = onDead
    this.#watch()
  }

  /** Something came from the server. Called often: restarts no timer, but where an answer was awaited. */
  heard(): void {
    this.#heard = true
    if (this.#asked) this.#watch()
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  #watch(): void {
    this.#heard = false
    this.#asked = false
    this.#later(this.#times.idleMs, () => {
      if (this.#heard) this.#watch()
      else this.#probe()
    })
  }

  #probe(): void {
    this.#ask()
    this.#asked = true
    this.#later(this.#times.answerMs, () => this.#asked && this.#onDead())
  }

  /** Reads first what arrived while this process was busy: it was not the server that was silent then. */
  #later(ms: number, then: () => void): void {
    clearTimeout(this.#timer)
    const timer = setTimeout(() => {
      setImmediate(() => {
        if (!this.#stopped && this.#timer === timer) then()
      })
    }, ms)
    this.#timer = timer
  }
}
