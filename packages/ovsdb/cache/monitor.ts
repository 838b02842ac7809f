// Asks a server for a copy of tables and for what changes in them, in the best way that the server knows.
import type { Session } from '../session/session.ts'
import { type OvsdbError, readError } from '../wire/errors.ts'
import type { TableUpdates } from '../wire/stream/row-updates.ts'
import type { ResolvedTable } from './selection.ts'

/** Of servers ≥ 2.12, ≥ 2.6, and all (RFC 7047 section 4.1.5). */
const methods = ['monitor_cond_since', 'monitor_cond', 'monitor'] as const
type Method = (typeof methods)[number]

/** Standalone servers keep no history, and answer with this one. */
export const noTransaction = '00000000-0000-0000-0000-000000000000'

export interface MonitorHandler {
  /** `whole`: all rows that there are, rather than what changed since. What it throws closes the connection. */
  readonly onLoad: (updates: TableUpdates, whole: boolean, transaction: string) => void
  /** All changes of one transaction, or of several. `transaction`: undefined where the server does not tell. */
  readonly onUpdates: (updates: TableUpdates, transaction: string | undefined) => void
  /** There will be no load, now or on another connection. */
  readonly onRefused: (error: Error) => void
}

export interface MonitorOptions {
  readonly id: string
  readonly tables: ReadonlyMap<string, ResolvedTable>
  /** The last transaction that the copy has. */
  readonly since: string
  readonly timeoutMs: number
}

/** Returns what ends it: nothing is called back after that. A monitor that is not answered takes the session with it. */
export function startMonitor(session: Session, options: MonitorOptions, handler: MonitorHandler): () => void {
  const stop = session.onMonitor(options.id, (method, params) => {
    if (method === 'update3') handler.onUpdates(params[1] as TableUpdates, params[0] as string)
    else if (method === 'update2' || method === 'update') handler.onUpdates(params[0] as TableUpdates, undefined)
  })
  const stopped = new AbortController()
  ask(session, methods[0], options, handler, stopped.signal)
  return () => {
    stop()
    stopped.abort()
    session.call('monitor_cancel', [options.id], options.timeoutMs, () => {})
  }
}

function ask(
  session: Session,
  method: Method,
  options: MonitorOptions,
  handler: MonitorHandler,
  stopped: AbortSignal,
): void {
  if (method === 'monitor' && [...options.tables.values()].some(({ where }) => where)) {
    handler.onRefused(new Error(`${session.remote} is too old for replicas with conditions: leave \`where\` out.`))
    return
  }
  session.call(method, requestOf(session, method, options), options.timeoutMs, (outcome) => {
    if (stopped.aborted) return
    if (outcome.type === 'lost') session.leave(`did not load a replica: ${outcome.reason.message}`)
    else if (outcome.error === null) load(method, outcome.result, handler)
    else refused(readError(outcome.error))
  })
  function refused(error: OvsdbError): void {
    const older = methods[methods.indexOf(method) + 1]
    if (error.kind === 'unknown method' && older) ask(session, older, options, handler, stopped)
    else handler.onRefused(error)
  }
}

function requestOf(session: Session, method: Method, { id, tables, since }: MonitorOptions): unknown[] {
  const requests = [...tables].map(([name, { codec, where }]) => [name, [{ columns: codec.columns, where }]])
  const params = [session.schema.name, id, Object.fromEntries(requests)]
  return method === 'monitor_cond_since' ? [...params, since] : params
}

function load(method: Method, result: unknown, { onLoad }: MonitorHandler): void {
  if (method !== 'monitor_cond_since') {
    onLoad(result as TableUpdates, true, noTransaction)
    return
  }
  const [found, transaction, updates] = result as [boolean, string, TableUpdates]
  onLoad(updates, !found, transaction)
}
