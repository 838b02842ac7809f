import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { until } from '../until.ts'
import { isAlive, readRecords, recordProcess, signalProcess } from './process-record.ts'

const skip = process.platform === 'linux' ? undefined : '/proc is needed'

test('a recorded process is signalled, one with a reused pid is not', { skip }, async (t) => {
  const file = join(temporaryDir(t), 'record')
  const child = spawn('sleep', ['60'])
  const record = recordProcess(file, child.pid!, 'sleep 60')
  const earlier = { ...record, startTime: String(Number(record.startTime) - 1) }
  signalProcess(earlier, 'SIGKILL')
  assert(isAlive(record))
  assert(!isAlive(earlier))
  signalProcess(record, 'SIGKILL')
  assert(await until(() => !isAlive(record), 20_000))
})

test('a zombie counts as gone', { skip }, async (t) => {
  // The shell becomes a program that never asks for its child.
  const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'])
  t.after(() => parent.kill('SIGKILL'))
  const pid = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)))
  const record = recordProcess(join(temporaryDir(t), 'record'), pid, 'sleep 60')
  signalProcess(record, 'SIGKILL')
  assert(await until(() => !isAlive(record), 20_000))
  assert.equal(process.kill(pid, 0), true, 'the pid is still taken')
})

test('records that were cut short are passed over', { skip }, (t) => {
  const dir = temporaryDir(t)
  const own = recordProcess(join(dir, 'own'), process.pid, 'node')
  writeFileSync(join(dir, 'cut'), '{"pid": 1')
  assert.deepEqual(readRecords(dir), [own])
  assert.deepEqual(readRecords(join(dir, 'none')), [])
})

function temporaryDir(t: { after(fn: () => void): void }): string {
  const dir = mkdtempSync(join(tmpdir(), 'process-record-'))
  t.after(() => rmSync(dir, { recursive: true }))
  return dir
}
