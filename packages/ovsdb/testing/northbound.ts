// What most tests begin with: a client of OVN's northbound database that is closed after the test.
import type { TestContext } from 'node:test'
import { type ClientEvent, OvsdbClient } from '../client.ts'
import type { OvsdbClientOptions } from '../client-options.ts'
import { type OvnNorthboundTables, ovnNorthbound } from '../generated/ovn-northbound.ts'
import { operationsOn } from '../wire/operations/operation-builders.ts'

export const nb = operationsOn(ovnNorthbound)

export type NorthboundClient = OvsdbClient<OvnNorthboundTables>

export interface TestClient {
  readonly client: NorthboundClient
  readonly events: ClientEvent[]
  /** The first event of a type, or the first after those that are there. */
  event<T extends ClientEvent['type']>(type: T, skip?: number): Promise<ClientEvent & { type: T }>
}

export function connectNorthbound(
  t: TestContext,
  remotes: string | readonly string[],
  options: Partial<OvsdbClientOptions<OvnNorthboundTables>> = {},
): TestClient {
  const times = { backoffMinMs: 20, backoffMaxMs: 200, ...options.times }
  const client = new OvsdbClient({ remotes: [remotes].flat(), database: ovnNorthbound, ...options, times })
  t.after(() => client.close({ graceMs: 0 }))
  const events: ClientEvent[] = []
  client.onEvent((event) => events.push(event))
  return { client, events, event: (type, skip = 0) => nextEvent(client, events, type, skip) }
}

function nextEvent<T extends ClientEvent['type']>(
  client: NorthboundClient,
  events: readonly ClientEvent[],
  type: T,
  skip: number,
): Promise<ClientEvent & { type: T }> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const found = events.filter((event) => event.type === type)[skip]
      if (!found) return
      clearTimeout(timer)
      stop()
      resolve(found as ClientEvent & { type: T })
    }
    const timer = setTimeout(() => reject(new Error(`no event ${type}`)), 20_000)
    const stop = client.onEvent(look)
    look()
  })
}

/** The names of all rows of a table, asked of the server. */
export async function namesIn(client: NorthboundClient, table: 'Address_Set' | 'Logical_Switch'): Promise<string[]> {
  const [{ rows }] = await client.transact([nb.select(table, [], ['name'])])
  return rows.map(({ name }) => name).sort()
}
