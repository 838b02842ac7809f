// Runs a bounded number of tasks at a time and lets a bounded number wait.
import { vdsmError } from '../errors.ts'

export class WorkQueue {
  readonly #workers: number
  readonly #capacity: number
  readonly #waiting: (() => void)[] = []
  #running = 0
  #closed = false

  constructor({ workers, capacity }: { workers: number; capacity: number }) {
    this.#workers = workers
    this.#capacity = capacity
  }

  /** The task's own outcome. Throws ResourceExhausted if too many wait already, or after close(). */
  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    await this.#enter()
    try {
      return await task()
    } finally {
      this.#leave()
    }
  }

  /** Takes nothing more; what it has taken still gets its turn. */
  close(): void {
    this.#closed = true
  }

  async #enter(): Promise<void> {
    if (this.#closed) throw vdsmError('ResourceExhausted', { resource: 'jsonrpc', reason: 'The agent is stopping' })
    if (this.#running < this.#workers) {
      this.#running++
      return
    }
    const current_tasks = this.#waiting.length
    if (current_tasks >= this.#capacity)
      throw vdsmError('ResourceExhausted', { resource: 'jsonrpc', current_tasks, reason: 'Too many tasks' })
    await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  /** Hands the place to the next in line, if any. */
  #leave(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#running--
  }
}
