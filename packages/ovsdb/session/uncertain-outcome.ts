// The one failure after which the database has to be looked at: a request was sent, and its answer never came.
import type { ConnectionError } from '../transport/connection-error.ts'
import type { OvsdbError } from '../wire/errors.ts'
import type { Operation } from '../wire/operations/operations.ts'

/** It took place as a whole, or not at all, or may still do so. It is never sent again by itself. */
export class UncertainOutcomeError extends Error {
  override readonly name = 'UncertainOutcomeError'
  /** Of the transaction; none of other requests. */
  readonly operations: readonly Operation[]
  /** Why there is no answer. */
  readonly reason: ConnectionError | OvsdbError

  constructor(operations: readonly Operation[], reason: ConnectionError | OvsdbError) {
    super(`It is not known whether the request took effect: look before trying again. ${reason.message}`)
    this.operations = operations
    this.reason = reason
  }
}
