// An engine for tests that dies: in this process, without a socket of its own. Whatever it was doing never goes on.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { pino } from 'pino'
import { createContext } from '../context.ts'
import { createServer } from '../server.ts'
import { openStore, type Store } from '../store/store.ts'
import { testDatabase } from '../store/testing/test-database.ts'
import { takeUpWork } from '../work.ts'
import { configOf, type TestEngine } from './test-engine.ts'

type Client = Pick<TestEngine, 'send' | 'ask' | 'list'>

export interface MortalEngine extends Client {
  readonly store: Store
  /** As after kill -9: its connections are gone, and nothing that it had begun goes on. */
  die(): Promise<void>
}

/** A folder for engines that come one after the other. */
export function lastingFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-mortal-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export async function startMortalEngine(t: TestContext, folder: string): Promise<MortalEngine> {
  const logger = pino({ level: 'silent' })
  const database = await testDatabase(folder)
  const context = await createContext(configOf(folder, { database }), await openStore(database), logger)
  await takeUpWork(context)
  const { store, hosts, providers, workflows } = context.parts
  const server = createServer(context, logger)
  const send: TestEngine['send'] = async (method, path, body) => {
    const answer = await server.inject({
      method: method as 'GET',
      url: `/ovirt-engine/api${path}`,
      headers: { accept: 'application/json' },
      ...(body !== undefined && { payload: body as object }),
    })
    const { statusCode: status, payload: text } = answer
    return { status, headers: new Headers(), text, body: text === '' ? undefined : JSON.parse(text) }
  }
  const ask: TestEngine['ask'] = async (method, path, body) => {
    const answer = await send(method, path, body)
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
    return answer.body
  }
  let isDead = false
  async function die(): Promise<void> {
    if (isDead) return
    isDead = true
    // Not waited for: what hangs in it is what was cut short.
    void workflows.stop()
    await Promise.all([hosts[Symbol.asyncDispose](), providers[Symbol.asyncDispose]()])
    await store[Symbol.asyncDispose]()
  }
  t.after(die)
  return {
    store,
    send,
    ask,
    list: async (path) => (Object.values(await ask('GET', path))[0] as any[] | undefined) ?? [],
    die,
  }
}
