import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isNarrowed, readTopologyPlace, toggled, topologyQuery } from './topology-place.ts'

test('an address says what is asked of the engine; how it is shown is the page’s own business', () => {
  const place = readTopologyPlace({ network: 'n1', broken: true, expand: 'a,b', max: 20, view: 'table', q: 'x' })
  assert.equal(topologyQuery(place), 'network=n1&broken=true&expand=a%2Cb&max=20')
  assert.ok(isNarrowed(place))
  assert.equal(topologyQuery(readTopologyPlace({})), '')
  assert.ok(!isNarrowed(readTopologyPlace({ expand: 'a' })))
})

test('nonsense in an address is left out', () => {
  const place = readTopologyPlace({ max: '-1', broken: 'perhaps', view: 'cube' })
  assert.equal(topologyQuery(place), '')
  assert.equal(place.view, undefined)
})

test('what is expanded is put together again by the same link', () => {
  assert.equal(toggled({}, 'a'), 'a')
  assert.equal(toggled({ expand: 'a,b' }, 'c'), 'a,b,c')
  assert.equal(toggled({ expand: 'a,b' }, 'a'), 'b')
  assert.equal(toggled({ expand: 'a' }, 'a'), undefined)
})
