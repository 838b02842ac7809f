import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeFrame, StompError, unescapeHeader } from './stomp-frame.ts'

test('a frame is command, headers, empty line, body and NUL, and counts its body in bytes', () => {
  const frame = encodeFrame('SEND', { destination: 'jms.topic.vdsm_requests' }, 'é')
  assert.equal(frame.toString(), 'SEND\ndestination:jms.topic.vdsm_requests\ncontent-length:2\n\né\0')
})

test('a frame without a body has no content-length', () => {
  assert.equal(encodeFrame('RECEIPT', { 'receipt-id': '1' }).toString(), 'RECEIPT\nreceipt-id:1\n\n\0')
})

test('a content-length that is handed in does not survive, nor does an undefined header', () => {
  const frame = encodeFrame('MESSAGE', { 'content-length': '99', ovirtCorrelationId: undefined }, Buffer.from('ab'))
  assert.equal(frame.toString(), 'MESSAGE\ncontent-length:2\n\nab\0')
})

test('headers are escaped as STOMP 1.2 says, except in CONNECT and CONNECTED', () => {
  assert.equal(encodeFrame('SEND', { 'a:b': 'c\\d\r\n' }).toString(), 'SEND\na\\cb:c\\\\d\\r\\n\n\n\0')
  assert.equal(encodeFrame('CONNECT', { host: 'fe80::1' }).toString(), 'CONNECT\nhost:fe80::1\n\n\0')
})

test('unescaping undoes escaping and refuses what STOMP 1.2 does not define', () => {
  assert.equal(unescapeHeader('c\\\\d\\r\\n\\cn\\\\n'), 'c\\d\r\n:n\\n')
  for (const bad of ['\\t', '\\', 'ends with \\'])
    assert.throws(
      () => unescapeHeader(bad),
      new StompError('malformed', `Undefined escape ${bad.slice(bad.indexOf('\\'))} in a STOMP header`),
    )
})
