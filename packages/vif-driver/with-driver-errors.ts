// Gives whatever a verb threw one of the API's kinds, so that a driver's author need not catch each command's failure.
import { CommandError } from './command.ts'
import { type VifDriver, verbs } from './contract.ts'
import { DriverError } from './driver-error.ts'

/** The driver, with verbs that reject with DriverErrors only. */
export function withDriverErrors(driver: VifDriver): VifDriver {
  const translated = verbs.flatMap((verb) => {
    const work = driver[verb]?.bind(driver) as ((...given: unknown[]) => Promise<unknown>) | undefined
    return work ? [[verb, async (...given: unknown[]) => translate(() => work(...given))]] : []
  })
  const dispose = driver[Symbol.asyncDispose]?.bind(driver)
  return {
    manifest: driver.manifest,
    ...Object.fromEntries(translated),
    ...(dispose && { [Symbol.asyncDispose]: dispose }),
  }
}

async function translate<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw asDriverError(error)
  }
}

export function asDriverError(error: unknown): DriverError {
  if (error instanceof DriverError) return error
  const { name, message = String(error), syscall } = (error ?? {}) as Partial<NodeJS.ErrnoException>
  const options = { cause: error }
  // What AbortSignal.throwIfAborted() throws.
  if (name === 'TimeoutError' || name === 'AbortError')
    return new DriverError('timeout', 'the time for this call was over before it was done', options)
  // The tool, or the file system, says what is wrong with the host.
  if (error instanceof CommandError || syscall !== undefined) return new DriverError('host-setup', message, options)
  return new DriverError('internal', message, options)
}
