// The log of a service, on its standard output. A log that cannot be written does not end the service, nor keep it from ending.
import { type Logger, pino } from 'pino'

/** In characters: what waits for a full disk to have room again. Beyond it, lines are lost. */
const maxLength = 1024 * 1024

/** Paths that never reach a log, wherever an object with them is logged. */
const secrets = ['password', '*.password', '*.*.password', 'headers["x-auth-token"]', 'headers.authorization']

/** Lines are written some at a time, at most 100 ms later. All are out when the process ends, unless it is killed. */
export function createLogger(name: string): Logger {
  const level = process.env.PATCHBAY_LOG_LEVEL ?? 'info'
  return pino({ name, level, redact: secrets }, lastingOutput())
}

/** Without a listener, the first error would end the process; and at its end, pino tries to write until it succeeds. */
function lastingOutput(): ReturnType<typeof pino.destination> {
  const output = pino.destination({ sync: false, minLength: 4096, periodicFlush: 100, maxLength })
  let isBroken = false
  output.on('error', () => {
    isBroken = true
  })
  output.on('drain', () => {
    isBroken = false
  })
  const flushSync = output.flushSync.bind(output)
  output.flushSync = () => {
    if (!isBroken) flushSync()
  }
  process.prependListener('beforeExit', () => {
    if (isBroken) process.exit()
  })
  return output
}
