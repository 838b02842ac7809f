import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectionLost, connectionRefused } from './connection-failure.ts'
import { VdsmConnectionError } from './errors.ts'

const endpoint = { host: 'h', port: 54321 }
const error = (code: string, reason?: string) => Object.assign(new Error(`text of ${code}`), { code, reason })

test('a connection that does not come about says why and what to look at', () => {
  const told: [ReturnType<typeof error> | undefined, boolean, string, string][] = [
    [error('ECONNREFUSED'), true, 'unreachable', 'refused. Is VDSM or the agent running there?'],
    [error('EAI_AGAIN'), true, 'unreachable', 'the host name cannot be resolved. Check the address of the host.'],
    [
      error('EHOSTUNREACH'),
      true,
      'unreachable',
      'text of EHOSTUNREACH. Check the network and the firewall of the host.',
    ],
    [
      error('ERR_SSL_X', 'wrong version'),
      true,
      'tls',
      'wrong version. Is each certificate of the CA that the other side trusts?',
    ],
    [error('ECONNRESET'), true, 'closed', 'text of ECONNRESET. Does the host trust the CA of our certificate?'],
    [undefined, false, 'closed', 'the host closed it. Does it want TLS?'],
  ]
  for (const [reason, tls, failure, text] of told) {
    const refused = connectionRefused(reason, endpoint, tls)
    assert.equal(refused.message, `No connection to h port 54321: ${text}`)
    assert.deepEqual([refused.failure, refused.host, refused.port], [failure, 'h', 54321])
  }
})

test('a connection that breaks says why', () => {
  const lost = connectionLost(error('ECONNRESET'), endpoint)
  assert.equal(lost.failure, 'closed')
  assert.match(lost.message, /^The connection to h port 54321 was lost: text of ECONNRESET\. Connect again/)
})

test('a failure that is told already is not told again', () => {
  const told = new VdsmConnectionError('timeout', endpoint, 'text')
  assert.equal(connectionRefused(told, endpoint, true), told)
  assert.equal(connectionLost(told, endpoint), told)
})
