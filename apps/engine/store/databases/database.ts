// What the store needs of a database: one connection that writes, others that read, and word when it is gone.
import type { Kysely } from 'kysely'
import type { AnySchema } from '../any-schema.ts'

export interface Database {
  /** One connection. Transactions on it come one after the other. */
  readonly writer: Kysely<AnySchema>
  /** Sees what is committed. */
  readonly reader: Kysely<AnySchema>
  /** Resolves when all that was committed is on disk. When it throws, nobody knows what is, and the database is lost. */
  flush(): Promise<void>
  /** Resolves with the reason when nothing can be written any more: another engine may have taken over. */
  readonly lost: Promise<Error>
  close(): Promise<void>
}

export interface Claim {
  /** How the engine that works is shown to those that stand by: its URL. */
  readonly name: string
  /** Told now and then while another engine works; '' when it cannot be told which. Without it, waiting is refused. */
  readonly standBy?: (leader: string) => Promise<void>
  /** Ends the waiting. */
  readonly signal?: AbortSignal
}
