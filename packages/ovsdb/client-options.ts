// What an OVSDB client can be told, and what it does if it is not.
import type { ListenerErrorHandler } from './listeners.ts'
import type { DatabaseDescription } from './schema/database-description.ts'
import type { ReconnectionOptions } from './session/reconnection.ts'
import type { TlsIdentity } from './transport/open-socket.ts'
import type { AnyTables } from './wire/values/rows.ts'

export interface OvsdbClientOptions<Tables extends object = AnyTables> {
  /** Servers of one database: `tcp:10.0.0.1:6641`, `ssl:HOST:PORT`, `unix:PATH`. */
  readonly remotes: readonly string[]
  /** From `generated/`, for checked tables and columns; or a name. */
  readonly database: DatabaseDescription<Tables> | string
  /** For `ssl:` remotes. */
  readonly tls?: TlsIdentity
  /**
   * Of a cluster, work with its leader only: nothing read is older than what was written before. Else any server will
   * do that is in contact with the cluster; reads may be behind. Default true.
   */
  readonly leaderOnly?: boolean
  readonly times?: Partial<ClientTimes>
  readonly limits?: Partial<ClientLimits>
  /** Told what a listener threw. Default: a warning of the process. */
  readonly onListenerError?: ListenerErrorHandler
}

/** All in ms. */
export interface ClientTimes {
  /** For connection, TLS and first questions to one server. Default 5 s. */
  readonly connectMs: number
  /** For a transaction or request, waiting for a connection included, where the call says nothing else. Default 10 s. */
  readonly requestMs: number
  /** A server that is silent for so long is asked for a sign of life. Default 5 s. */
  readonly idleMs: number
  /** How long it has for that. Default 10 s. */
  readonly answerMs: number
  /** For answers to what is in flight when the leader moves or the schema changes. Default 1 s. */
  readonly drainMs: number
  /** First and longest pause between attempts to connect. Default 0.1 s and 5 s. */
  readonly backoffMinMs: number
  readonly backoffMaxMs: number
}

export interface ClientLimits {
  /** Requests that the server works on at the same time. Default 256. */
  readonly inFlight: number
  /** Requests that wait, for their turn or for a connection; more fail as busy. Default 10,000. */
  readonly waiting: number
  /** Bytes that wait to be sent. Default 64 MiB. */
  readonly outgoingBytes: number
  /** Of one message from the server; the first load of a replica is one. Default 400 MiB: strings end there. */
  readonly messageBytes: number
}

const defaultTimes: ClientTimes = {
  connectMs: 5000,
  requestMs: 10_000,
  idleMs: 5000,
  answerMs: 10_000,
  drainMs: 1000,
  backoffMinMs: 100,
  backoffMaxMs: 5000,
}

const defaultLimits: ClientLimits = {
  inFlight: 256,
  waiting: 10_000,
  outgoingBytes: 64 * 2 ** 20,
  messageBytes: 400 * 2 ** 20,
}

/** More than any schema nests. */
const messageDepth = 64

export interface ClientSettings {
  readonly database: DatabaseDescription | undefined
  readonly times: ClientTimes
  readonly limits: ClientLimits
  readonly reconnection: ReconnectionOptions
}

export function settingsOf({ database, ...options }: OvsdbClientOptions<object>): ClientSettings {
  const times = { ...defaultTimes, ...options.times }
  const limits = { ...defaultLimits, ...options.limits }
  const { connectMs, drainMs, idleMs, answerMs, backoffMinMs, backoffMaxMs } = times
  return {
    database: typeof database === 'string' ? undefined : database,
    times,
    limits,
    reconnection: {
      remotes: options.remotes,
      database: typeof database === 'string' ? database : database.name,
      tls: options.tls,
      leaderOnly: options.leaderOnly ?? true,
      connectMs,
      drainMs,
      probe: { idleMs, answerMs },
      backoff: { minMs: backoffMinMs, maxMs: backoffMaxMs },
      limits: { ...limits, depth: messageDepth },
    },
  }
}
