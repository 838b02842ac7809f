// Against the hypervisor that libvirt has for tests, which needs no daemon.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { CommandError } from '@patchbay/vif-driver/command.ts'
import { libvirtUnavailable } from '../../../../../lab/guests/libvirt-unavailable.ts'
import { openVirshSessions } from './virsh-session.ts'

const skip = libvirtUnavailable()
const boundMs = 30_000
const sessions = openVirshSessions(['virsh', '-q', '-c', 'test:///default'])
after(() => sessions.close())

const ask = (...args: string[]) => sessions.run(args, boundMs)

test('commands answer what they print, one after the other and side by side', { skip }, async () => {
  assert.equal(await ask('domname', '1'), 'test\n')
  assert.match(await ask('dumpxml', 'test'), /^<domain type='test' id='1'>\n.*<\/domain>\n\n?$/s)
  const answers = await Promise.all(Array.from({ length: 5 }, () => ask('domname', '1')))
  assert.deepEqual(answers, Array(5).fill('test\n'))
})

test('one that fails is told with what it said, and the next is answered', { skip }, async () => {
  const odd = `no'such "one" \\ ${'x'.repeat(300)}`
  await assert.rejects(ask('domname', odd), (error) => {
    assert.ok(error instanceof CommandError)
    assert.equal(error.exitCode, 1)
    assert.equal(error.stderr, `error: failed to get domain '${odd}'`)
    assert.deepEqual(error.argv.slice(-2), ['domname', odd])
    return true
  })
  await assert.rejects(ask('nonsense'), /unknown command: 'nonsense'/)
  await assert.rejects(ask('domname'), /requires <domain> option/)
  await assert.rejects(ask('domname', 'a\nlist'), /is no argument for virsh/)
  assert.equal(await ask('domname', '1'), 'test\n')
})

test('one that takes too long is ended', { skip }, async () => {
  await assert.rejects(sessions.run(['event', '--loop', '--all'], 300), /no result within 300 ms/)
  assert.equal(await ask('domname', '1'), 'test\n')
})

test('a hypervisor that cannot be reached, and a virsh that is not there, are errors', { skip }, async () => {
  const away = openVirshSessions(['virsh', '-q', '-c', 'qemu+unix:///system?socket=/nowhere'])
  await assert.rejects(away.run(['list'], boundMs), /failed to connect to the hypervisor/)
  const missing = openVirshSessions(['no-such-virsh'])
  await assert.rejects(missing.run(['list'], boundMs), /no-such-virsh.*ENOENT/)
})
