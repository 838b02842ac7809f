// The correlation id of the request that is being served, on all that follows from it: events, workflows, calls to hosts.
import { AsyncLocalStorage } from 'node:async_hooks'

const current = new AsyncLocalStorage<string>()

/** '' for what no request asked for. */
export const correlationId = (): string => current.getStore() ?? ''

export const withCorrelationId = <Result>(id: string, work: () => Result): Result => current.run(id, work)
