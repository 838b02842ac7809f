// Whose request is being served, on all that follows from it.
import { AsyncLocalStorage } from 'node:async_hooks'

const current = new AsyncLocalStorage<string>()

/** With the profile: `admin@internal`; '' for what the engine does by itself. */
export const actingUser = (): string => current.getStore() ?? ''

export const asUser = <Result>(user: string, work: () => Result): Result => current.run(user, work)
