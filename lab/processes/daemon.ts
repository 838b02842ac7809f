// A service of a laboratory that can be ended and started again with the state it left.

import { until } from '../until.ts'
import type { LabProcess } from './lab-process.ts'

export interface Daemon {
  readonly process: LabProcess
  /** Resolves when it serves. */
  start(): Promise<void>
  /** Resolves when it is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>
}

const START_TIMEOUT_MS = 60_000
const ASK_EVERY_MS = 20

/** `spawn` starts the process; it serves from the first time on that `ready` does not reject. */
export function daemon(spawn: () => LabProcess, ready: () => Promise<unknown>): Daemon {
  let running: LabProcess | undefined
  return {
    get process() {
      if (!running) throw new Error('it has not been started')
      return running
    },
    async start() {
      const starting = spawn()
      running = starting
      await untilReady(starting, ready)
    },
    async kill(signal = 'SIGKILL') {
      running?.kill(signal)
      await running?.exited
    },
  }
}

async function untilReady({ argv, alive, log }: LabProcess, ready: () => Promise<unknown>): Promise<void> {
  let reason = 'it ended'
  const serves = await until(
    async () => {
      if (!alive()) return true
      return ready().then(
        () => true,
        (error: Error) => {
          reason = error.message
          return false
        },
      )
    },
    START_TIMEOUT_MS,
    ASK_EVERY_MS,
  )
  if (!serves || !alive()) throw new Error(`${argv[0]} did not start: ${reason} (see ${log})`)
}
