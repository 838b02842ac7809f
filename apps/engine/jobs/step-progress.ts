// How far a step of a job has come, told from wherever its work is done.
import { AsyncLocalStorage } from 'node:async_hooks'

const current = new AsyncLocalStorage<(percent: number) => void>()

/** Of the step that this is work of; elsewhere nobody listens. */
export const tellProgress = (percent: number): void => current.getStore()?.(percent)

export const withProgress = <Result>(told: (percent: number) => void, work: () => Result): Result =>
  current.run(told, work)
