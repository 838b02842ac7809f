// What the system takes for the three things that a lasting, distributed change cannot do without: a committed row, a
// file replaced, and a request to another process.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createHttpClient } from '@patchbay/networking-api/client/http-client.ts'
import { median } from '../load.ts'

/** Milliseconds each, the median of many. */
export interface SystemCalls {
  readonly commitMs: number
  readonly fileMs: number
  readonly exchangeMs: number
}

const times = 300
const bytes = 'x'.repeat(2_000)

export async function measureSystemCalls(): Promise<SystemCalls> {
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-bare-'))
  try {
    return { commitMs: commitMs(dir), fileMs: fileMs(dir), exchangeMs: await exchangeMs() }
  } finally {
    rmSync(dir, { recursive: true })
  }
}

function commitMs(dir: string): number {
  const database = new DatabaseSync(join(dir, 'bare.sqlite'))
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE row (id INTEGER, body TEXT) STRICT')
  const insert = database.prepare('INSERT INTO row VALUES (?, ?)')
  const taken = Array.from({ length: times }, (_, index) => timed(() => insert.run(index, bytes)))
  database.close()
  return median(taken)
}

function fileMs(dir: string): number {
  const path = join(dir, 'record.json')
  const replace = () => {
    writeFileSync(`${path}.new`, bytes)
    renameSync(`${path}.new`, path)
  }
  return median(Array.from({ length: times }, () => timed(replace)))
}

/** With the client that all parts use. */
async function exchangeMs(): Promise<number> {
  const server = spawn(process.execPath, [join(import.meta.dirname, 'http-server.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const http = createHttpClient()
  try {
    const [line] = (await once(server.stdout!, 'data')) as [Buffer]
    const url = line.toString().trim()
    const taken: number[] = []
    for (let index = 0; index < times; index++) {
      const started = performance.now()
      await http.send('GET', url)
      taken.push(performance.now() - started)
    }
    return median(taken)
  } finally {
    server.kill('SIGKILL')
    await http.close()
  }
}

function timed(work: () => unknown): number {
  const started = performance.now()
  work()
  return performance.now() - started
}
