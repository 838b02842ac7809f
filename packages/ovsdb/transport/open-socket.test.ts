import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { startRawServer } from '../testing/raw-server.ts'
import { ConnectionError } from './connection-error.ts'
import { openSocket } from './open-socket.ts'
import { parseRemote } from './remote.ts'

const fails = (failure: ConnectionError['failure'], message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof ConnectionError)
  assert.equal(error.failure, failure)
  assert.match(error.message, message)
  return true
}

test('nobody there is told as such, with what to look at', async (t) => {
  const { port } = await startRawServer(t, () => {})
  const socket = await openSocket(parseRemote(`tcp:127.0.0.1:${port}`), { timeoutMs: 5000 })
  socket.destroy()
  const open = (remote: string) => openSocket(parseRemote(remote), { timeoutMs: 5000 })
  await assert.rejects(
    open('tcp:127.0.0.1:1'),
    fails('unreachable', /^No connection to tcp:127\.0\.0\.1:1: .*ovsdb-server run/),
  )
  await assert.rejects(open('unix:/nonexistent/db.sock'), fails('unreachable', /ENOENT/))
})

test('a server that does not get on with TLS is given up', async (t) => {
  const { port } = await startRawServer(t, () => {})
  const tls = { ca: '', cert: '', key: '' }
  const remote = parseRemote(`ssl:127.0.0.1:${port}`)
  await assert.rejects(openSocket(remote, { tls, timeoutMs: 50 }), fails('timeout', /within 50 ms/))
})

test('an attempt is given up when the client is closed', async (t) => {
  const { port } = await startRawServer(t, () => {})
  const abort = new AbortController()
  const tls = { ca: '', cert: '', key: '' }
  const attempt = openSocket(parseRemote(`ssl:127.0.0.1:${port}`), { tls, timeoutMs: 5000, signal: abort.signal })
  abort.abort()
  await assert.rejects(attempt, fails('closed', /The client was closed/))
})

test('certificates that cannot be read are told as such', async () => {
  const tls = { ca: 'x', cert: 'x', key: 'x' }
  await assert.rejects(
    openSocket(parseRemote('ssl:127.0.0.1:1'), { tls, timeoutMs: 5000 }),
    fails('tls', /^No connection to ssl:127\.0\.0\.1:1: .*PEM texts\?$/),
  )
})

test('what an open socket gets before anybody reads is not lost', async (t) => {
  const { port } = await startRawServer(t, (socket: Socket) => socket.end('early'))
  const socket = await openSocket(parseRemote(`tcp:127.0.0.1:${port}`), { timeoutMs: 5000 })
  const text = await socket.setEncoding('utf8').toArray()
  assert.equal(text.join(''), 'early')
})
