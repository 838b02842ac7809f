// The command that driver authors run: it passes a driver that keeps the specification, and fails one that does not.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { bedUnavailable } from '@patchbay/vif-driver/testing/bed-unavailable.ts'

const root = join(import.meta.dirname, '../../..')
const example = join(root, 'examples/driver-in-shell')
const check = (...args: string[]) => {
  // A test that runs tests: without this, the inner ones would report to the outer runner.
  const { NODE_TEST_CONTEXT: _outer, ...env } = process.env
  const options = { encoding: 'utf8', env, timeout: 200_000 } as const
  return spawnSync(process.execPath, [join(root, 'apps/cli/main.ts'), 'driver', 'check', ...args], options)
}

test('a driver that keeps the specification passes', { skip: bedUnavailable() }, () => {
  const { status, stdout } = check(join(root, 'drivers/noop'), '--no-frames', '--hosts', '2')
  assert.equal(status, 0, stdout)
  assert.match(stdout, /✔ \[PLUG-2\] \[PLUG-3\]/)
  assert.match(stdout, /✔ \[CALL-4\] the calls of a migration may be repeated/)
  assert.match(stdout, /﹣ \[WIRED|﹣ \[PLUG-1\].*the driver connects nothing/)
})

test('a driver that does not is told the sentence', { skip: bedUnavailable(['ping', 'jq']) }, (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-check-'))
  t.after(() => rmSync(dir, { recursive: true }))
  cpSync(example, dir, { recursive: true })
  const script = readFileSync(join(dir, 'driver.sh'), 'utf8')
  writeFileSync(join(dir, 'driver.sh'), script.replace('fail 7 "this', 'fail 1 "this'))
  const prepare = 'ip link add br0 type bridge forward_delay 0 && ip link set br0 up'
  const port = String.raw`id=$(cat /proc/sys/kernel/random/uuid)
    mac=02:$(echo $id | sed 's/\(..\)\(..\)\(..\)\(..\)-\(..\).*/\1:\2:\3:\4:\5/')
    echo '{"id":"'$id'","mac":"'$mac'","addresses":["10.0.0.1/24"]}'`
  const { status, stdout } = check(
    dir,
    '--options',
    '{"bridge":"br0"}',
    '--no-frames',
    '--prepare',
    prepare,
    '--new-port',
    port,
  )
  assert.equal(status, 1)
  const failed = [...stdout.split('failing tests')[0]!.matchAll(/✖ (\[.*)\(/g)].map(([, name]) => name!.trim())
  assert.deepEqual(failed, ['[EXEC-5] [EXEC-7] a verb that the driver does not have is unsupported'])
})

test('what is no driver is refused', () => {
  const { status, stderr } = check('/tmp')
  assert.equal(status, 1)
  assert.match(stderr, /^error: \/tmp has neither a driver\.json nor a driver\.ts/)
})

test('a driver that does not start is told once, in its own words', { skip: bedUnavailable(['jq']) }, () => {
  const { status, stdout, stderr } = check(example)
  assert.equal(status, 1)
  assert.equal(stderr, 'error: the driver did not start:\noptions: bridge must be given\n')
  assert.doesNotMatch(stdout, /✖/)
})
