import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blankPassword, blankUser, passwordMistakes, userMistakes, userRequest } from './user-form.ts'

test('a password is typed twice', () => {
  assert.deepEqual(passwordMistakes(blankPassword), { password: 'A password is needed' })
  assert.deepEqual(passwordMistakes({ password: 'a', again: 'b' }), { again: 'The two are not the same' })
  assert.deepEqual(passwordMistakes({ password: ' a ', again: ' a ' }), {})
})

test('a user needs a name and a password, of which nothing is cut off', () => {
  assert.deepEqual(Object.keys(userMistakes({ ...blankUser, userName: ' ' })), ['userName', 'password'])
  const form = { ...blankUser, userName: ' alice ', password: ' a ', again: ' a ' }
  assert.deepEqual(userMistakes(form), {})
  const { user_name, password } = userRequest(form)
  assert.deepEqual([user_name, password], ['alice', ' a '])
})
