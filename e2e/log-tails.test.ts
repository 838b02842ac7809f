// The logs of a failed test: the last lines of each service, and why there are none.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { tellLogs } from './log-tails.ts'

test('the last lines of each log are told, and a log that is not there is no failure', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-logs-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const log = join(dir, 'engine.log')
  writeFileSync(log, Array.from({ length: 100 }, (_, index) => `line ${index + 1}\n`).join(''))
  const told: string[] = []
  const diagnostic = (message: string) => void told.push(message)
  tellLogs({ diagnostic }, { services: { engine: { log }, agent: { log: join(dir, 'none') } } })
  const [engine = '', agent = ''] = told
  assert.match(engine, /^the log of engine ends with:\nline 41\n(?:.*\n)*line 100$/)
  assert.match(agent, /^the log of agent ends with:\n\(it cannot be read: ENOENT/)
})
