import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createLab, type Lab } from '../lab.ts'
import { labUnavailable } from '../lab-unavailable.ts'
import { until } from '../until.ts'

const skip = labUnavailable()
let lab: Lab

before(async () => {
  if (!skip) lab = await createLab({ hosts: ['host-a'] })
})
after(() => lab?.down())

const logged = (file: string, text: string) => until(() => readFileSync(file, 'utf8').includes(text), 20_000)

test('a service runs in its host and writes its log', { skip }, async () => {
  const argv = ['sh', '-c', 'cat /proc/sys/kernel/hostname; echo $COLOUR >&2; exec sleep 60']
  const service = lab.host('host-a').spawn(argv, { log: 'logs/service.log', env: { COLOUR: 'blue' } })
  assert.equal(service.log, join(lab.host('host-a').dir, 'logs/service.log'))
  assert(await logged(service.log, 'host-a\nblue\n'))
  assert(service.alive())
  assert.deepEqual(await service.stop(), { code: null, signal: 'SIGTERM' })
  assert(!service.alive())
})

test('a service in the root namespace listens for the hosts', { skip }, async () => {
  const source = `require('node:http').createServer((_, r) => r.end('hi')).listen(80, '${lab.address}', () => console.log('up'))`
  const service = lab.spawn([process.execPath, '-e', source], { log: 'http.log' })
  assert(await logged(service.log, 'up'))
  const get = `fetch('http://${lab.address}').then((r) => r.text()).then((t) => console.log(t))`
  assert.equal((await lab.host('host-a').exec([process.execPath, '-e', get])).stdout, 'hi\n')
  await service.stop()
})

test('a process that ignores SIGTERM is killed after the grace', { skip }, async () => {
  const argv = ['sh', '-c', 'trap "" TERM; echo up; exec sleep 60']
  const stubborn = lab.host('host-a').spawn(argv, { log: 'stubborn.log' })
  assert(await logged(stubborn.log, 'up'))
  assert.deepEqual(await stubborn.stop({ graceMs: 300 }), { code: null, signal: 'SIGKILL' })
})

test('a process that ends by itself tells its exit code and is forgotten', { skip }, async () => {
  const short = lab.spawn(['sh', '-c', 'exit 7'], { log: 'short.log' })
  assert.deepEqual(await short.exited, { code: 7, signal: null })
  short.kill()
  assert.deepEqual(await short.stop(), { code: 7, signal: null })
  assert.equal(readdirSync(join(lab.dir, 'pids.d')).includes(String(short.pid)), false)
})

test('a command that is not there fails at once in the root namespace', { skip }, () => {
  assert.throws(() => lab.spawn(['no-such-command'], { log: 'none.log' }), /cannot be started: is it installed/)
})
