import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holderOf, placeOf, type ShownPermission, thingOf } from './permission-place.ts'

const permission: ShownPermission = {
  id: 'p',
  href: '',
  role: { id: 'r', name: 'UserRole' },
  user: { id: 'u', name: 'Alice' },
}
const nameOf = (id: string | undefined) => (id === 'u' ? 'alice@internal-authz' : '')

test('a permission is given on a thing, or on the system', () => {
  assert.equal(thingOf(permission), undefined)
  assert.equal(placeOf(permission), 'System')
  const onNetwork = { ...permission, network: { id: 'n', name: 'blue' } }
  assert.deepEqual(thingOf(onNetwork), { id: 'n', title: 'network blue' })
  assert.equal(placeOf({ ...permission, vm: { id: 'v' } }), 'VM v')
})

test('it is held by a user, under the name of the log-in, or by a group', () => {
  assert.equal(holderOf(permission, nameOf), 'alice@internal-authz')
  assert.equal(
    holderOf(permission, () => ''),
    'Alice',
  )
  const { user: _, ...others } = permission
  assert.equal(holderOf({ ...others, group: { id: 'g', name: 'Everyone' } }, nameOf), 'Everyone')
})
