import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createLab, type Lab } from '../lab.ts'
import { labUnavailable } from '../lab-unavailable.ts'
import { CommandFailed } from '../processes/command.ts'
import { until } from '../until.ts'
import type { LabHost } from './lab-host.ts'

const skip = labUnavailable()
let lab: Lab
let host: LabHost
let other: LabHost

before(async () => {
  if (skip) return
  lab = await createLab({ hosts: ['host-a', 'host-b'] })
  host = lab.host('host-a')
  other = lab.host('host-b')
})
after(() => lab?.down())

const sh = async (script: string, where = host) => (await where.exec(['sh', '-c', script])).stdout

test('a host has its own name, links and name table', { skip }, async () => {
  assert.equal(await sh('cat /proc/sys/kernel/hostname'), 'host-a\n')
  assert.deepEqual((await sh('ls /sys/class/net')).split('\n').sort(), ['', 'lo', 'underlay0'])
  assert.match(await sh('cat /etc/hosts'), new RegExp(`^${other.address} host-b$`, 'm'))
})

test('/run, /var/lib and /var/log are private and show below the dir of the host', { skip }, async () => {
  for (const dir of ['/run', '/var/lib', '/var/log']) {
    await sh(`echo private > ${dir}/patchbay-lab-test`)
    assert.equal(existsSync(`${dir}/patchbay-lab-test`), false)
    assert.equal(await sh(`ls ${dir}/patchbay-lab-test || true`, other), '')
    assert.equal(readFileSync(join(host.dir, dir, 'patchbay-lab-test'), 'utf8'), 'private\n')
  }
})

test('the dir of a host has the same path inside, and other hosts do not see it', { skip }, async () => {
  writeFileSync(join(host.dir, 'hook'), 'for host-a')
  assert.equal(await sh(`cat ${host.dir}/hook`), 'for host-a')
  assert.equal(await sh(`ls ${host.dir} 2>/dev/null || true`, other), '')
})

test('ip netns works inside a host and shows nowhere else', { skip }, async () => {
  await sh('ip netns add guest && ip netns exec guest ip link set lo up')
  assert.match(await sh('ip netns'), /^guest/)
  assert.equal(existsSync('/run/netns/guest'), false)
  assert.equal(await sh('ip netns', other), '')
})

test('exec passes input and environment and returns both outputs', { skip }, async () => {
  const argv = ['sh', '-c', 'cat; echo $COLOUR >&2']
  const output = await host.exec(argv, { input: 'in', env: { COLOUR: 'blue' } })
  assert.deepEqual(output, { stdout: 'in', stderr: 'blue\n' })
})

test('a failing command names host, command, exit code and stderr', { skip }, async () => {
  await assert.rejects(host.exec(['sh', '-c', 'echo oh >&2; exit 3']), (error) => {
    assert(error instanceof CommandFailed)
    assert.equal(error.exitCode, 3)
    assert.equal(error.message, 'host-a: sh -c echo oh >&2; exit 3: exit code 3: oh')
    return true
  })
  await assert.rejects(host.exec(['no-such-command']), /host-a: no-such-command: exit code 127/)
})

test('exec kills a command that takes too long, with what it started', { skip }, async () => {
  const file = join(host.dir, 'child.pid')
  const argv = ['sh', '-c', `sleep 60 & echo $! > ${file}; wait`]
  await assert.rejects(host.exec(argv, { timeoutMs: 2_000 }), /killed, not done after 2000 ms/)
  const pid = readFileSync(file, 'utf8').trim()
  assert(await until(() => !isRunning(pid), 20_000))
})

test('exec does not wait for a process that left the group but holds the output', { skip }, async () => {
  const file = join(host.dir, 'left.pid')
  const argv = ['sh', '-c', `setsid sh -c 'echo $$ > ${file}; exec sleep 60' & exit 0`]
  await assert.rejects(host.exec(argv, { timeoutMs: 2_000 }), /killed/)
  assert(isRunning(readFileSync(file, 'utf8').trim()), 'it is still there')
})

test('a host whose holder is gone runs nothing any more', { skip }, async () => {
  await using short = await createLab({ hosts: ['host-c'] })
  const lost = short.host('host-c')
  process.kill(lost.pid, 'SIGKILL')
  const isDown = () =>
    lost.exec(['true']).then(
      () => false,
      (error: Error) => error.message.startsWith('host host-c is down'),
    )
  assert(await until(isDown, 20_000))
})

/** A zombie has no command line. */
function isRunning(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== ''
  } catch {
    return false
  }
}
