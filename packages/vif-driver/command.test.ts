import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CommandEnded, CommandError, commands, run } from './command.ts'

test('a command gets its input and its output is answered', async () => {
  assert.equal(await run(['cat'], { input: 'in' }), 'in')
  assert.equal(await run(['true'], { input: 'nobody reads this' }), '')
})

test('a command that fails is told in one line, with its exit code', async () => {
  await assert.rejects(run(['sh', '-c', 'echo one >&2; echo two >&2; exit 3']), (error) => {
    assert(error instanceof CommandError)
    assert.equal(error.exitCode, 3)
    assert.equal(error.message, 'sh -c echo one >&2; echo two >&2; exit 3: one; two')
    return true
  })
})

test('a command that does not end in time is killed', async () => {
  await assert.rejects(run(['sleep', '60'], { timeoutMs: 50 }), (error) => {
    assert(error instanceof CommandError)
    assert.equal(error.exitCode, undefined)
    assert.match(error.message, /no result within 50 ms/)
    return true
  })
})

test('a command that is not installed says so', async () => {
  await assert.rejects(run(['no-such-command']), /no-such-command.*ENOENT/)
})

test('whoever counts the time of commands is told of each', async () => {
  const ended: CommandEnded[] = []
  const count = (message: unknown) => void ended.push(message as CommandEnded)
  commands.subscribe(count)
  await run(['true'])
  commands.unsubscribe(count)
  assert.deepEqual(ended[0]?.argv, ['true'])
  assert(ended[0].ms > 0)
})
