// Which engine works: the one whose session holds an advisory lock. PostgreSQL gives it to the next when that session ends,
// for whatever reason; until then the holder alone can write, because it writes through this session and through no other.
import { setTimeout as delay } from 'node:timers/promises'
import { ConfigurationError } from '@patchbay/service/options.ts'
import { Client, type ClientConfig } from 'pg'
import type { Claim } from './database.ts'

export interface LeaderSession {
  readonly client: Client
  /** Resolves with the reason when the session is over. */
  readonly lost: Promise<Error>
  end(): Promise<void>
}

/** "patchbay" as a number: what else uses the database's advisory locks has another. */
const lockId = '8097875181894820729'
const askAgainMs = 500
const beatMs = 1_000
const beatTimeoutMs = 5_000

/** How PostgreSQL notices that an engine is gone whose machine says nothing any more, or that an engine is stuck. */
const serverPatience = [
  'set tcp_keepalives_idle = 3',
  'set tcp_keepalives_interval = 1',
  'set tcp_keepalives_count = 4',
  "set idle_session_timeout = '8s'",
  "set idle_in_transaction_session_timeout = '8s'",
].join('; ')

export async function openLeaderSession(settings: ClientConfig, { standBy, signal }: Claim): Promise<LeaderSession> {
  const client = new Client(settings)
  const lost = Promise.withResolvers<Error>()
  client.on('error', lost.resolve)
  client.on('end', () => lost.resolve(new Error('the connection to the database was closed')))
  try {
    await client.connect()
    await client.query(serverPatience)
    while (!(await tookLock(client))) {
      const leader = await leaderOf(client)
      if (!standBy) throw new ConfigurationError(`The database is in use by another engine, ${leader}. Stop it first.`)
      await standBy(leader)
      await delay(askAgainMs, undefined, { signal })
    }
  } catch (error) {
    await hangUp(client)
    throw error
  }
  const beating = new AbortController()
  void beat(client, beating.signal).catch((error) => {
    lost.resolve(error)
    void hangUp(client)
  })
  return {
    client,
    lost: lost.promise,
    async end() {
      beating.abort()
      await hangUp(client)
    },
  }
}

async function tookLock(client: Client): Promise<boolean> {
  const { rows } = await client.query(`select pg_try_advisory_lock(${lockId}) as taken`)
  return rows[0].taken
}

/** The name that its holder gave itself; '' when it has just gone. */
async function leaderOf(client: Client): Promise<string> {
  const { rows } = await client.query(`
    select application_name as name from pg_locks join pg_stat_activity using (pid)
    where locktype = 'advisory' and granted and pg_locks.database = (select oid from pg_database where datname = current_database())
      and (classid::bigint << 32) | objid::bigint = ${lockId}`)
  return rows[0]?.name ?? ''
}

/** Says at intervals that this engine lives. Throws when the database does not answer. */
async function beat(client: Client, signal: AbortSignal): Promise<void> {
  for (;;) {
    await delay(beatMs, undefined, { signal, ref: false }).catch(() => {})
    if (signal.aborted) return
    const timer = new AbortController()
    const late = delay(beatTimeoutMs, undefined, { signal: timer.signal }).then(() => {
      throw new Error(`the database did not answer within ${beatTimeoutMs} ms`)
    })
    late.catch(() => {})
    // Within a transaction that failed this is refused, which is an answer too.
    await Promise.race([client.query('select 1').catch(() => {}), late])
    timer.abort()
  }
}

/** Whatever is still asked on it fails. */
async function hangUp(client: Client): Promise<void> {
  const { stream } = (client as unknown as { connection: { stream: { destroy(): void } } }).connection
  const ended = client.end().catch(() => {})
  const timer = setTimeout(() => stream.destroy(), 500)
  await ended
  clearTimeout(timer)
}
