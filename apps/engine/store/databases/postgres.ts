// The database as a server: PostgreSQL. What is written goes through the session that makes this engine the leader, so that
// an engine that is the leader no more cannot write.
import { CamelCasePlugin, Kysely, PostgresDialect, type PostgresPool } from 'kysely'
import { type Client, type ClientConfig, Pool, types } from 'pg'
import type { AnySchema } from '../any-schema.ts'
import type { Claim, Database } from './database.ts'
import { openLeaderSession } from './leader-session.ts'

/** Resolves when this engine is the leader. `url`: postgres://…, as libpq takes it, with `sslmode` and the like. */
export async function openPostgres(url: string, claim: Claim): Promise<Database> {
  const session = await openLeaderSession(settingsOf(url, claim.name), claim)
  const readers = readersOf(url)
  const writer = kyselyOver(poolOf(session.client))
  const reader = kyselyOver(readers)
  return {
    writer,
    reader,
    // It answers a commit when that is on disk.
    flush: async () => {},
    lost: session.lost,
    async close() {
      await Promise.all([reader.destroy(), session.end()])
    },
  }
}

/** Also while an engine is at work on it. */
export const openPostgresToRead = (url: string) => kyselyOver(readersOf(url))

const mostReaders = 8
const connectTimeoutMs = 5_000
const answerTimeoutMs = 30_000

function settingsOf(url: string, name: string): ClientConfig {
  return {
    connectionString: url,
    // What PostgreSQL keeps of it.
    application_name: name.slice(0, 63),
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: answerTimeoutMs,
    query_timeout: answerTimeoutMs,
    keepAlive: true,
    types: { getTypeParser: parserOf as typeof types.getTypeParser },
  }
}

function readersOf(url: string): Pool {
  const pool = new Pool({ ...settingsOf(url, 'patchbay engine, reading'), max: mostReaders, idleTimeoutMillis: 60_000 })
  // An idle connection that breaks is replaced by the next query.
  pool.on('error', () => {})
  return pool
}

const int8 = 20

/** Numbers of 8 bytes are bytes and milliseconds here: all are exact as a number. */
const parserOf = (oid: number, format?: 'text' | 'binary') =>
  oid === int8 ? Number : types.getTypeParser(oid, format as 'text')

const poolOf = (client: Client): PostgresPool => ({
  connect: async () =>
    Object.assign(client, { release() {} }) as unknown as Awaited<ReturnType<PostgresPool['connect']>>,
  end: async () => {},
  options: {},
})

const kyselyOver = (pool: PostgresPool) =>
  new Kysely<AnySchema>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
