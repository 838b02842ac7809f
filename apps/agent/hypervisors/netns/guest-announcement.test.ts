import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { run } from '@patchbay/vif-driver/command.ts'
import { labUnavailable } from '../../../../lab/lab-unavailable.ts'
import { announceGuest, announcement } from './guest-announcement.ts'
import { addNics, namespaceOf, planNic } from './guest-nics.ts'

const mac = '02:00:00:00:0a:01'

test('an announcement is the reverse ARP request that QEMU sends', () => {
  const own = '020000000a01'
  assert.equal(announcement(mac), `ffffffffffff${own}80350001080006040003${own}00000000${own}00000000${'0'.repeat(36)}`)
})

test('each NIC of a guest sends its own', { skip: labUnavailable() }, async (t) => {
  const vmId = randomUUID()
  await run(['ip', 'netns', 'add', namespaceOf(vmId)])
  t.after(() => run(['ip', 'netns', 'del', namespaceOf(vmId)]))
  const tap = `pbt${vmId.slice(0, 8)}`
  const nic = planNic(`<interface type="bridge"><mac address="${mac}"/><target dev="${tap}"/></interface>`, 'eth0')
  await addNics(vmId, [nic])
  const heard = await receivedOn(tap, () => announceGuest(vmId, [nic]))
  assert.equal(heard, announcement(mac))
})

/** The first frame of reverse ARP that arrives on a link while the work is done. */
async function receivedOn(link: string, work: () => Promise<void>): Promise<string> {
  const signal = AbortSignal.timeout(30_000)
  const listener = spawn('python3', ['-c', listen, link], { stdio: ['ignore', 'pipe', 'inherit'], signal })
  listener.on('error', () => {})
  const lines = createInterface({ input: listener.stdout })[Symbol.asyncIterator]()
  try {
    assert.equal((await lines.next()).value, 'listening')
    await work()
    return (await lines.next()).value ?? ''
  } finally {
    listener.kill('SIGKILL')
  }
}

const listen = `
import socket, sys
link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x8035))
link.bind((sys.argv[1], 0x8035))
print('listening', flush=True)
print(link.recv(100).hex(), flush=True)`
