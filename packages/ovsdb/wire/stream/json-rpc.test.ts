import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeNotification, encodeRequest, encodeResponse, parseMessage } from './json-rpc.ts'

test('what is written is read back as the same kind of message', () => {
  assert.deepEqual(parseMessage(encodeRequest(7, 'transact', ['db', { op: 'abort' }])), {
    type: 'request',
    id: 7,
    method: 'transact',
    params: ['db', { op: 'abort' }],
  })
  assert.deepEqual(parseMessage(encodeNotification('cancel', [7])), {
    type: 'notification',
    method: 'cancel',
    params: [7],
  })
  assert.deepEqual(parseMessage(encodeResponse('echo', [])), { type: 'response', id: 'echo', result: [], error: null })
})

test('errors are read as ovsdb-server writes them, without a result', () => {
  const error = { error: 'unknown database', details: 'x' }
  assert.deepEqual(parseMessage('{"id":1,"error":"unknown method"}'), {
    type: 'response',
    id: 1,
    result: undefined,
    error: 'unknown method',
  })
  assert.deepEqual(parseMessage(JSON.stringify({ id: 1, error, result: null })), {
    type: 'response',
    id: 1,
    result: null,
    error,
  })
})

test('what is no message is not taken for one', () => {
  for (const text of ['{', '{"a":1}', '{"id":null,"result":1}', '{"result":1}', '{"id":1}', '{"method":5}'])
    assert.equal(parseMessage(text), undefined, text)
})
