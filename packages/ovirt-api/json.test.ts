// oVirt's JSON rules: what answers look like, and what requests may look like.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bool, choice, int, list, reference, resource, struct, text } from './element.ts'
import { InvalidElement } from './invalid-element.ts'
import { fromJson, readElements, toJson, toJsonCollection } from './json.ts'

const gadgetType = resource('gadget', 'gadgets', {
  name: text,
  ready: bool,
  size: int,
  color: choice('red', 'green'),
  owner: reference,
  mac: struct({ address: text }),
  usages: list('usage', text),
  properties: list('property', struct({ name: text, value: text })),
})

/** As a client gets it: through JSON and back. */
const sent = (body: object) => JSON.parse(JSON.stringify(body))
const shown = (value: Parameters<typeof toJson<typeof gadgetType>>[1]) =>
  sent(toJson(gadgetType, value, { href: '/gadgets/1' }))
const read = (body: unknown) => fromJson(gadgetType, body)

const refuses = (body: unknown, message: string) =>
  assert.throws(
    () => read(body),
    (error) => error instanceof InvalidElement && error.message === message,
    JSON.stringify(body),
  )

describe('answers', () => {
  test('every scalar is a text', () => {
    assert.deepEqual(shown({ id: '1', name: 'n', ready: false, size: 0, color: 'red' }), {
      id: '1',
      href: '/gadgets/1',
      name: 'n',
      ready: 'false',
      size: '0',
      color: 'red',
    })
  })

  test('what is absent is left out, an empty text is not', () => {
    assert.deepEqual(shown({ id: '1', name: '', size: undefined }), { id: '1', href: '/gadgets/1', name: '' })
    assert.deepEqual(shown({ id: '1', name: null as unknown as string }), { id: '1', href: '/gadgets/1' })
  })

  test('lists are wrapped in the name of their items, structures are nested', () => {
    const body = shown({
      id: '1',
      owner: { id: 'o' },
      mac: { address: '02:00:00:00:00:01' },
      usages: ['vm', 'display'],
      properties: [{ name: 'mtu', value: '9000' }],
    })
    assert.deepEqual(body, {
      id: '1',
      href: '/gadgets/1',
      owner: { id: 'o' },
      mac: { address: '02:00:00:00:00:01' },
      usages: { usage: ['vm', 'display'] },
      properties: { property: [{ name: 'mtu', value: '9000' }] },
    })
  })

  test('links stand under "link", actions under "actions"', () => {
    const body = sent(
      toJson(
        gadgetType,
        { id: '1' },
        {
          href: '/gadgets/1',
          links: { parts: '/gadgets/1/parts' },
          actions: { start: '/gadgets/1/start', stop: '/gadgets/1/stop' },
        },
      ),
    )
    assert.deepEqual(body, {
      id: '1',
      href: '/gadgets/1',
      link: [{ rel: 'parts', href: '/gadgets/1/parts' }],
      actions: {
        link: [
          { rel: 'start', href: '/gadgets/1/start' },
          { rel: 'stop', href: '/gadgets/1/stop' },
        ],
      },
    })
  })

  test('only elements of the type are shown', () => {
    const value = { id: '1', name: 'n', sealedPassword: 'secret' }
    assert.deepEqual(shown(value), { id: '1', href: '/gadgets/1', name: 'n' })
  })

  test('a collection is wrapped in the name of its type; an empty one is an empty object', () => {
    assert.deepEqual(toJsonCollection(gadgetType, [{ id: '1' }]), { gadget: [{ id: '1' }] })
    assert.deepEqual(toJsonCollection(gadgetType, []), {})
  })
})

describe('requests', () => {
  test('what was shown can be read again', () => {
    const value = {
      id: '1',
      name: 'n',
      ready: true,
      size: 12,
      color: 'green',
      owner: { id: 'o', name: 'owner' },
      usages: ['vm'],
      properties: [{ name: 'a', value: 'b' }],
    } as const
    assert.deepEqual(read(shown(value)), value)
  })

  test('scalars may be texts or what JSON has for them', () => {
    assert.deepEqual(read({ name: 7, ready: true, size: 12 }), { name: '7', ready: true, size: 12 })
    assert.deepEqual(read({ name: true, ready: 'true', size: '12' }), { name: 'true', ready: true, size: 12 })
    assert.deepEqual(read({ size: '-3' }), { size: -3 })
  })

  test('booleans are true and false in any case, 1 and 0', () => {
    for (const yes of [true, 'true', 'TRUE', 'True', 1, '1']) assert.equal(read({ ready: yes }).ready, true)
    for (const no of [false, 'false', 'FALSE', 'False', 0, '0']) assert.equal(read({ ready: no }).ready, false)
  })

  test('choices are read in any case', () => {
    assert.equal(read({ color: 'GREEN' }).color, 'green')
  })

  test('lists may be bare, or hold one item without a list around it', () => {
    for (const usages of [{ usage: ['vm'] }, { usage: 'vm' }, ['vm'], 'vm'])
      assert.deepEqual(read({ usages }).usages, ['vm'], JSON.stringify(usages))
    for (const properties of [{ property: [{ name: 'a' }] }, [{ name: 'a' }], { property: { name: 'a' } }])
      assert.deepEqual(read({ properties }).properties, [{ name: 'a' }], JSON.stringify(properties))
  })

  test('a list without items is empty', () => {
    for (const usages of [{}, { usage: [] }, { usage: null }, []])
      assert.deepEqual(read({ usages }).usages, [], JSON.stringify(usages))
  })

  test('null means absent', () => {
    assert.deepEqual(read({ name: null, ready: null, owner: null, usages: null }), {})
  })

  test('unknown elements are ignored, also those every object has', () => {
    assert.deepEqual(read({ name: 'n', colour: 'blue', toString: 'x', __proto__: { size: 3 } }), { name: 'n' })
    assert.deepEqual(read(JSON.parse('{"__proto__": {"size": 3}, "name": "n"}')), { name: 'n' })
  })

  test('a wrong value is refused with the name of its element', () => {
    refuses({ name: {} }, 'The element "gadget.name" must be a text.')
    refuses({ name: ['n'] }, 'The element "gadget.name" must be a text.')
    for (const ready of ['yes', 2, '', [true], {}, 'true '])
      refuses({ ready }, 'The element "gadget.ready" must be true or false.')
    for (const size of ['', 'x', '1.5', 1.5, '1e3', [5], {}, true, '0x10', ' 5', '9'.repeat(16)])
      refuses({ size }, 'The element "gadget.size" must be a whole number.')
    for (const color of ['blue', ['red'], {}, 1])
      refuses({ color }, 'The element "gadget.color" must be one of red, green.')
    refuses({ owner: 'o' }, 'The element "gadget.owner" must be an object.')
    refuses({ owner: { name: {} } }, 'The element "gadget.owner.name" must be a text.')
    refuses({ mac: ['x'] }, 'The element "gadget.mac" must be an object.')
    refuses({ usages: { usage: [{}] } }, 'The element "gadget.usages.usage" must be a text.')
    refuses({ properties: { property: ['a'] } }, 'The element "gadget.properties.property" must be an object.')
    refuses({ properties: [{ value: [] }] }, 'The element "gadget.properties.property.value" must be a text.')
    refuses({ properties: 'mtu=9000' }, 'The element "gadget.properties.property" must be an object.')
  })

  test('a body that is no object is refused', () => {
    for (const body of [undefined, null, [], 'name', 7, true]) refuses(body, 'The element "gadget" must be an object.')
  })

  test('the elements of an action are read without a resource around them', () => {
    assert.deepEqual(readElements({ host: reference }, { host: { name: 'h' }, async: 'true' }, 'action'), {
      host: { name: 'h' },
    })
    assert.throws(() => readElements({ host: reference }, { host: 'h' }, 'action'), {
      message: 'The element "action.host" must be an object.',
    })
  })
})
