// Northbound databases for the tests of a file, one after the other on the same ovsdb-server: a test gets an empty one.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { after } from 'node:test'
import { northboundSchema, startOvsdbServer, type TestServer } from '@patchbay/ovsdb/testing/ovsdb-server.ts'

export interface Northbounds {
  /** Of an empty database that nobody else has. */
  take(): Promise<TestServer>
  /** Empties it for the next test. Its provider must have ended. */
  giveBack(server: TestServer): Promise<void>
}

/** Call it outside of tests: the servers end after the last one. */
export function northboundsOfFile(): Northbounds {
  const free: TestServer[] = []
  const ends: (() => unknown)[] = []
  after(() => Promise.all(ends.map((end) => end())))
  const ofFile = { after: (end: () => unknown) => void ends.push(end) }
  return {
    take: async () => free.pop() ?? startOvsdbServer(ofFile),
    async giveBack(server) {
      await empty(server)
      free.push(server)
    },
  }
}

/** What is in no root table goes with what refers to it. */
const rootTables = () =>
  Object.entries<{ isRoot?: boolean }>(JSON.parse(readFileSync(northboundSchema, 'utf8')).tables)
    .filter(([, { isRoot }]) => isRoot)
    .map(([table]) => table)

async function empty(server: TestServer): Promise<void> {
  const operations = rootTables().map((table) => ({ op: 'delete', table, where: [] }))
  const socket = connect(server.file('sock')).setEncoding('utf8')
  socket.end(JSON.stringify({ id: 1, method: 'transact', params: ['OVN_Northbound', ...operations] }))
  const [answer] = await once(socket, 'data')
  socket.destroy()
  const { error, result } = JSON.parse(answer)
  assert.ok(error === null && result.every((each: any) => 'count' in each), answer)
}
