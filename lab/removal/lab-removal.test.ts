import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type EmptyMachine, emptyMachine } from '../hosts/empty-machine.ts'
import { labUnavailable } from '../lab-unavailable.ts'
import { CommandFailed } from '../processes/command.ts'
import { until } from '../until.ts'

const skip = labUnavailable()

// Everything at once that a lab can have: services, daemons nobody recorded, namespaces and processes of guests.
const BUSY_LAB = `
const lab = await createLab({ hosts: ['host-a', 'host-b'], keep: Boolean(process.env.KEEP) })
const host = lab.host('host-a')
lab.spawn(['sleep', '601'], { log: 'root.log' })
lab.spawn(['sh', '-c', 'setsid sleep 605 & wait'], { log: 'wrapper.log' })
host.spawn(['sleep', '602'], { log: 'host.log' })
await host.exec(['sh', '-c', 'setsid sleep 603 > /dev/null 2>&1 &'])
await host.exec(['ip', 'netns', 'add', 'guest'])
await host.exec(['sh', '-c', 'ip netns exec guest unshare --uts setsid sleep 604 > /dev/null 2>&1 &'])
await host.exec(['sh', '-c', 'ip link add cable type veth peer name eth0 netns guest'])
`

test('down leaves no namespace, link, mount, process or file', { skip }, async (t) => {
  const machine = await emptyMachine(t)
  const before = await machine.traces()
  await machine.node(`${BUSY_LAB}; await lab.down()`)
  assert.equal(await machine.traces(), before)
})

test('a creator that ends in any way takes its lab along', { skip }, async (t) => {
  const machine = await emptyMachine(t)
  const before = await machine.traces()
  await machine.node(BUSY_LAB)
  assert(await until(async () => (await machine.traces()) === before, 60_000), 'after the normal end')
  await assert.rejects(machine.node(`${BUSY_LAB}; process.kill(process.pid, 'SIGKILL')`), /SIGKILL/)
  assert(await until(async () => (await machine.traces()) === before, 60_000), 'after SIGKILL')
})

test('down kills services that ignore SIGTERM', { skip }, async (t) => {
  const machine = await emptyMachine(t)
  const before = await machine.traces()
  const source = `
    await using lab = await createLab({ hosts: ['host-a'] })
    const stubborn = ['sh', '-c', 'trap "" TERM; echo deaf; while :; do sleep 1; done']
    const services = [lab.spawn(stubborn, { log: 'a.log' }), lab.host('host-a').spawn(stubborn, { log: 'b.log' })]
    const { readFileSync } = await import('node:fs')
    while (services.some(({ log }) => !readFileSync(log, 'utf8').includes('deaf'))) await new Promise(setImmediate)
    await lab.down()
    console.log((await Promise.all(services.map(({ exited }) => exited))).map(({ signal }) => signal).join())`
  assert.equal((await machine.node(source)).stdout, 'SIGKILL,SIGKILL\n')
  assert.equal(await machine.traces(), before)
})

test('a removal that is late spares the next lab with the number', { skip }, async (t) => {
  const machine = await emptyMachine(t)
  const source = `
    const lab = await createLab({ hosts: ['host-a'] })
    await lab.down()
    await using next = await createLab({ hosts: ['host-a'] })
    await lab.down()
    await next.host('host-a').exec(['true'])
    console.log(lab.number === next.number)`
  assert.equal((await machine.node(source)).stdout, 'true\n')
})

test('a kept lab outlives its creator and is removed by its number', { skip }, async (t) => {
  const machine = await emptyMachine(t)
  const before = await machine.traces()
  await machine.node(BUSY_LAB, { KEEP: '1' })
  // Nobody waited until what runs in the background had become its last command.
  const names = ['pb1-host-a', 'pb1-host-b', 'pb1-hub', 'pb1@', ...[601, 602, 603, 604, 605].map((s) => `sleep ${s}`)]
  const isKept = async () => {
    const kept = await machine.traces()
    return names.every((name) => kept.includes(name))
  }
  assert(await until(isKept, 60_000), names.join(', '))
  await machine.node('await Promise.all([removeLab(1), removeLab(1)]); await removeLab(1)')
  assert.equal(await machine.traces(), before)
})

test('whichever command of the construction fails, nothing is left', { skip }, async (t) => {
  const machine = await emptyMachine(t)
  const before = await machine.traces()
  await interruptEach(machine, 'echo interrupted >&2; exit 1', async (error, call) => {
    assert.match(error.stderr, /interrupted/, `call ${call}`)
    assert.equal(await machine.traces(), before, `call ${call}`)
  })
})

test('at whichever command the creator is killed, nothing is left', { skip }, async (t) => {
  const machine = await emptyMachine(t)
  const before = await machine.traces()
  // The command itself goes on after the death of its parent, and is slow at that.
  await interruptEach(machine, 'kill -9 $PPID; sleep 0.1', async (error, call) => {
    assert.match(error.message, /SIGKILL/, `call ${call}`)
    assert(await until(async () => (await machine.traces()) === before, 60_000), `call ${call}`)
  })
})

/** Interrupts the first command of the construction, the second …, until a lab is built without ever making that call. */
async function interruptEach(
  machine: EmptyMachine,
  sh: string,
  check: (error: CommandFailed, call: number) => Promise<void>,
): Promise<void> {
  for (let call = 1; ; call++) {
    const env = await machine.interrupt(call, sh)
    const failure = await machine
      .node("await createLab({ hosts: ['host-a', 'host-b'] })", env)
      .catch((error: CommandFailed) => error)
    if (!(failure instanceof CommandFailed)) return assert(call > 6, `a lab takes more than ${call - 1} commands`)
    await check(failure, call)
  }
}
