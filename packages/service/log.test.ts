// A log that cannot be written, because its disk is full, does not end the service, nor keep it from ending.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { until } from '../../lab/until.ts'

const program = join(import.meta.dirname, 'testing/talkative.ts')

test('a service whose log is on a full disk serves all the same, and ends in order', async (t) => {
  const full = openSync('/dev/full', 'a')
  const child = spawn(process.execPath, [program], { stdio: ['pipe', full, 'pipe'] })
  closeSync(full)
  const exited = once(child, 'exit', { signal: AbortSignal.timeout(30_000) })
  t.after(() => child.kill('SIGKILL'))
  let told = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    told += text
  })
  for (const text of ['first', 'second', 'third']) {
    child.stdin!.write(`${text} 20000\n`)
    assert.ok(await until(() => told.endsWith(`${text}\n`), 20_000), told)
  }
  child.kill('SIGTERM')
  assert.deepEqual(await exited, [0, null], told)
  assert.equal(told, 'first\nsecond\nthird\n')
})
