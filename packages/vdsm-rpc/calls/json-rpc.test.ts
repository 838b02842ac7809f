import assert from 'node:assert/strict'
import { test } from 'node:test'
import { VdsmError } from '../errors.ts'
import { encodeError, encodeEvent, encodeRequest, encodeResult, parseMessage, parseRequest } from './json-rpc.ts'

const request = { jsonrpc: '2.0', method: 'VM.getStats', params: { vmID: 'x' }, id: 'a' }

test('a request is taken bare, as the engine sends it, and in an array of one, as the Python client does', () => {
  const expected = { method: 'VM.getStats', params: { vmID: 'x' }, id: 'a' }
  assert.deepEqual(parse(request), expected)
  assert.deepEqual(parse([request]), expected)
  assert.deepEqual(parseRequest(Buffer.from(encodeRequest('a', 'VM.getStats', { vmID: 'x' }))), expected)
})

test('parameters may be absent, null or a list, and a notification has no id', () => {
  assert.deepEqual(parse({ jsonrpc: '2.0', method: 'Host.ping2', id: 7 }), { method: 'Host.ping2', params: {}, id: 7 })
  assert.deepEqual(parse({ ...request, params: null }).params, {})
  assert.deepEqual(parse({ ...request, params: ['x', 1] }).params, ['x', 1])
  assert.deepEqual(parse({ jsonrpc: '2.0', method: 'Host.ping2' }), { method: 'Host.ping2', params: {} })
})

test('what is no JSON is a parse error, what is no request an invalid request', () => {
  assert.throws(() => parseRequest(Buffer.from('{"jsonrpc"')), { name: 'VdsmError', code: -32700 })
  const invalid = [
    null,
    'x',
    [],
    [request, request],
    [[request]],
    { ...request, jsonrpc: '1.0' },
    { ...request, method: undefined },
    { ...request, method: 1 },
    { ...request, params: 'x' },
    { ...request, id: {} },
  ]
  for (const body of invalid)
    assert.throws(() => parse(body), { name: 'VdsmError', code: -32600 }, JSON.stringify(body))
  assert.throws(() => parse({ ...request, jsonrpc: 1 }), {
    message: "Invalid request: {'reason': 'Wrong protocol version'}",
  })
})

test('results, errors and events survive the way to a client', () => {
  assert.deepEqual(received(encodeResult('a', [1])), { id: 'a', result: [1] })
  assert.deepEqual(received(encodeResult('a', undefined)), { id: 'a', result: true })
  assert.deepEqual(received(encodeResult('a', null)), { id: 'a', result: null })
  assert.deepEqual(received(encodeError(null, new VdsmError(40, 'busy'))), {
    id: null,
    error: new VdsmError(40, 'busy'),
  })
  const params = { notify_time: 1 }
  assert.deepEqual(received(encodeEvent('|net|host_conn|no_id', params)), { method: '|net|host_conn|no_id', params })
})

test('odd errors of a server become a VdsmError all the same', () => {
  assert.deepEqual(received('{"id":"a","error":{"code":"x","message":{"a":1}}}'), {
    id: 'a',
    error: new VdsmError(-32603, '{"a":1}'),
  })
  assert.deepEqual(received('{"id":"a","error":null,"result":1}'), { id: 'a', result: 1 })
})

test('what is neither response nor event is recognised as such', () => {
  for (const body of ['', 'x', 'null', '[]', '{}', '{"id":"a"}']) assert.equal(received(body), undefined)
})

function parse(value: unknown) {
  return parseRequest(Buffer.from(JSON.stringify(value)))
}

function received(body: string) {
  return parseMessage(Buffer.from(body))
}
