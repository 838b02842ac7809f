// The error registry: every entry is a client or server error with a text that can be filled in.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NetworkingError, type NetworkingErrorType, networkingErrors } from './errors.ts'

const types = Object.keys(networkingErrors) as NetworkingErrorType[]
const placeholders = (type: NetworkingErrorType) =>
  [...networkingErrors[type].text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
/** Any type with any details: what the compiler forbids, but data may decide. */
const make = (type: NetworkingErrorType, details?: Record<string, string | number>) =>
  new (NetworkingError as new (type: string, details?: object) => NetworkingError)(type, details)

test('every error has a status from 400 on and a text', () => {
  for (const type of types) {
    const { status, text } = networkingErrors[type]
    assert.ok(Number.isInteger(status) && status >= 400 && status < 600, type)
    assert.notEqual(text, '', type)
  }
})

test('types of the same kind of failure have the same status', () => {
  for (const type of types) {
    const { status } = networkingErrors[type]
    if (type.endsWith('NotFound')) assert.equal(status, 404, type)
    if (type.endsWith('InUse')) assert.equal(status, 409, type)
    if (type.startsWith('Invalid')) assert.equal(status, 400, type)
  }
})

test('every text is filled in completely', () => {
  for (const type of types) {
    const names = placeholders(type)
    const { message } = make(type, Object.fromEntries(names.map((name) => [name, `<${name}>`])))
    for (const name of names) assert.ok(message.includes(`<${name}>`), type)
    assert.doesNotMatch(message, /[{}]|undefined/, type)
  }
})

test('an error answers in the shape of Neutron', () => {
  const error = new NetworkingError('NetworkNotFound', { id: 'abc' })
  assert.equal(error.status, 404)
  assert.deepEqual(error.body(), {
    NeutronError: { type: 'NetworkNotFound', message: 'Network abc could not be found.', detail: '' },
  })
  assert.ok(error instanceof Error)
})

test('a detail is taken as it is, also where it looks like a placeholder or a replacement pattern', () => {
  for (const odd of ['{id}', '{toString}', "$&$1$'", '', '</script>', '💥', '\u0000'])
    assert.equal(new NetworkingError('NetworkNotFound', { id: odd }).message, `Network ${odd} could not be found.`)
})

test('a number is written in digits, zero too', () => {
  assert.match(new NetworkingError('TunnelIdInUse', { segmentationId: 0 }).message, /tunnel ID 0 is in use/)
})
