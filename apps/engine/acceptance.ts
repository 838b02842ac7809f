// Requests that do not wait for the end of their work (`async=true`): they are answered once it has been checked and written
// down, from where it will be done whatever happens.
import { AsyncLocalStorage } from 'node:async_hooks'

const waiting = new AsyncLocalStorage<() => void>()

/** Says that the work of the request that is being served will be done. */
export const accepted = (): void => waiting.getStore()?.()

/**
 * Resolves when the work is accepted, or done without that; throws when it fails before. `failedLater` gets what goes wrong
 * after that.
 */
export function untilAccepted<Result>(
  work: () => Promise<Result>,
  failedLater: (error: unknown) => void,
): Promise<{ readonly result: Result } | 'accepted'> {
  return new Promise((resolve, reject) => {
    let isAccepted = false
    const accept = () => {
      isAccepted = true
      resolve('accepted')
    }
    waiting.run(accept, work).then(
      (result) => resolve({ result }),
      (error) => (isAccepted ? failedLater(error) : reject(error)),
    )
  })
}
