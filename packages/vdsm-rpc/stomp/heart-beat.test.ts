import assert from 'node:assert/strict'
import { test } from 'node:test'
import { acceptHeartBeat, agreeHeartBeat, parseHeartBeat } from './heart-beat.ts'

test('the server takes what the client asks for, but nothing below the floor', () => {
  assert.deepEqual(acceptHeartBeat('30000,15000', 1000), { sendEveryMs: 15_000, expectEveryMs: 30_000 })
  assert.deepEqual(acceptHeartBeat('0,24000', 1000), { sendEveryMs: 24_000, expectEveryMs: 0 })
  assert.deepEqual(acceptHeartBeat('5,10', 1000), { sendEveryMs: 1000, expectEveryMs: 1000 })
  assert.deepEqual(acceptHeartBeat(undefined, 1000), { sendEveryMs: 0, expectEveryMs: 0 })
})

test('the client keeps to the slower side, and to nothing if one side does not beat', () => {
  const asked = { sendEveryMs: 500, expectEveryMs: 2000 }
  assert.deepEqual(agreeHeartBeat(asked, '1000,1000'), { sendEveryMs: 1000, expectEveryMs: 2000 })
  assert.deepEqual(agreeHeartBeat(asked, '0,1000'), { sendEveryMs: 1000, expectEveryMs: 0 })
  assert.deepEqual(agreeHeartBeat(asked, undefined), { sendEveryMs: 0, expectEveryMs: 0 })
})

test('odd numbers count as none, and endless ones as a day', () => {
  assert.deepEqual(parseHeartBeat('x,-1'), [0, 0])
  assert.deepEqual(parseHeartBeat('10'), [10, 0])
  assert.deepEqual(parseHeartBeat('99999999999999999999, 7'), [86_400_000, 7])
})
