import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { runScript, stderrLimitBytes } from './hook-process.ts'
import { createHookTestBed, sh } from './hook-test-bed.ts'

const longEnoughMs = 30_000

test('a script gets no argument and no input, its stdout is dropped and its stderr kept', async (t) => {
  const { install } = await createHookTestBed(t)
  const script = await install('point', 'hook', sh('echo "$# arguments, input: $(cat)" >&2', 'echo noise', 'exit 3'))
  const result = await runScript(script, process.env, longEnoughMs)
  assert.deepEqual(result, { script, rc: 3, stderr: Buffer.from('0 arguments, input: \n') })
})

test('a script without an interpreter line runs in the shell', async (t) => {
  const { install } = await createHookTestBed(t)
  const script = await install('point', 'hook', 'echo "shell in $0" >&2\nexit 1\n')
  const { rc, stderr } = await runScript(script, process.env, longEnoughMs)
  assert.deepEqual([rc, stderr.toString()], [1, `shell in ${script}\n`])
})

test('a signal is a negative return code', async (t) => {
  const { install } = await createHookTestBed(t)
  const { rc, problem } = await runScript(
    await install('point', 'hook', sh('kill -TERM $$')),
    process.env,
    longEnoughMs,
  )
  assert.deepEqual([rc, problem], [-15, undefined])
})

test('of much stderr the end is kept, and how much is missing', async (t) => {
  const { install } = await createHookTestBed(t)
  const script = await install('point', 'hook', sh('head -c 5000000 /dev/zero >&2', 'printf "the error" >&2'))
  const stderr = (await runScript(script, process.env, longEnoughMs)).stderr.toString()
  assert.match(stderr, /^\[4983625 bytes dropped\]\n\0/)
  assert.match(stderr, /\0the error$/)
  assert.equal(stderr.length, stderrLimitBytes + '[4983625 bytes dropped]\n'.length)
})

test('a child that keeps neither stderr nor the script waiting is left alone', async (t) => {
  const { dir, install } = await createHookTestBed(t)
  const childFile = join(dir, 'child')
  const script = await install('point', 'hook', sh('sleep 60 2>/dev/null &', `echo $! >${childFile}`))
  assert.equal((await runScript(script, process.env, longEnoughMs)).rc, 0)
  process.kill(await pidIn(childFile), 'SIGKILL')
})

suite('at the time limit', { concurrency: true }, () => {
  const timeoutMs = 2000

  test('a script that hangs is killed with its children', async (t) => {
    const { dir, install } = await createHookTestBed(t)
    const childFile = join(dir, 'child')
    const hanging = sh('echo started >&2', 'sleep 60 &', `echo $! >${childFile}`, 'wait')
    const script = await install('point', 'hook', hanging)
    const begun = performance.now()
    const result = await runScript(script, process.env, timeoutMs)
    assert.ok(performance.now() - begun < 30_000, 'the limit holds')
    assert.deepEqual(result, {
      script,
      rc: -9,
      stderr: Buffer.from('started\n'),
      problem: 'was killed, not having finished within 2 s',
    })
    await untilDead(await pidIn(childFile))
  })

  test('a child that outlives its script and holds its stderr is killed', async (t) => {
    const { dir, install } = await createHookTestBed(t)
    const childFile = join(dir, 'child')
    const script = await install('point', 'hook', sh('sleep 60 &', `echo $! >${childFile}`))
    assert.match((await runScript(script, process.env, timeoutMs)).problem!, /^was killed/)
    await untilDead(await pidIn(childFile))
  })

  test('a child that left the process group holds nobody up', async (t) => {
    const { dir, install } = await createHookTestBed(t)
    const childFile = join(dir, 'child')
    const script = await install('point', 'hook', sh('setsid sleep 60 &', `echo $! >${childFile}`))
    assert.match((await runScript(script, process.env, timeoutMs)).problem!, /^was killed/)
    process.kill(await pidIn(childFile), 'SIGKILL')
  })
})

test('a script that cannot be started has failed as in a shell, and says why', async (t) => {
  const { install } = await createHookTestBed(t)
  const orphan = await install('point', 'orphan', '#!/no/such/interpreter\n')
  const { rc, problem } = await runScript(orphan, process.env, longEnoughMs)
  assert.deepEqual(
    [rc, problem],
    [127, 'could not be started (ENOENT): is the interpreter of its first line installed?'],
  )

  const plain = await install('point', 'plain', sh(), 0o644)
  assert.equal((await runScript(plain, process.env, longEnoughMs)).rc, 126)

  const script = await install('point', 'script', sh())
  const overlong = await runScript(script, { overlong: 'x'.repeat(5_000_000) }, longEnoughMs)
  assert.equal(overlong.rc, 126)
  assert.match(overlong.problem!, /^could not be started \(E2BIG\)/)
})

async function pidIn(path: string) {
  return Number(await readFile(path, 'utf8'))
}

/** A killed orphan stays a zombie where nobody reaps it: dead all the same. */
async function untilDead(pid: number) {
  const isAlive = async () => {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    return /^State:\s+[^ZX]/m.test(status)
  }
  for (let tries = 0; await isAlive(); tries++) {
    assert.ok(tries < 2000, `process ${pid} is still there`)
    await setTimeout(10)
  }
}
