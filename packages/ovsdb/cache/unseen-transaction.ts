// The failure that is none of the transaction: it took place, and only the replica does not show it yet.

/** Not to be tried again. What the replica tells may be older than the transaction, until it is in step. */
export class UnseenTransactionError extends Error {
  override readonly name = 'UnseenTransactionError'
  /** Of the transaction, as `transact` would have resolved to. */
  readonly results: readonly unknown[]
  /** Why the replica is not in step: a WaitTimeoutError, or what the server or the program did to it. */
  declare readonly cause: Error

  constructor(results: readonly unknown[], cause: Error) {
    super(`The transaction took place, but the replica does not show it: ${cause.message}`, { cause })
    this.results = results
  }
}
