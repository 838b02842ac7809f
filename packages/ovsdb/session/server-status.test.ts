import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ServerStatus, ServerStatusCopy, whyUnsuitable } from './server-status.ts'

const cid = 'c1000000-0000-4000-8000-000000000000'
const good: ServerStatus = { model: 'clustered', connected: true, leader: true, cid, index: 10 }
const wanted = { database: 'A', leaderOnly: true, seen: undefined }

test('a server is left for what it says about itself', () => {
  const why = (status: Partial<ServerStatus>, more = {}) =>
    whyUnsuitable({ ...good, ...status }, { ...wanted, ...more })
  assert.equal(why({}), undefined)
  assert.equal(why({ leader: false }, { leaderOnly: false }), undefined)
  assert.match(why({ leader: false })!, /does not lead/)
  assert.match(why({ leader: false, model: 'relay' })!, /relay/)
  assert.match(why({ connected: false })!, /not in contact/)
  assert.match(whyUnsuitable(undefined, wanted)!, /no database A/)
})

test('a server that is behind what was seen of its cluster is left', () => {
  const why = (seen: { cid: string; index: number }) => whyUnsuitable(good, { ...wanted, seen })
  assert.equal(why({ cid, index: 10 }), undefined)
  assert.match(why({ cid, index: 11 })!, /behind/)
  assert.equal(why({ cid: 'another', index: 11 }), undefined)
})

test('the copy of the status follows changes, and a database that comes again', () => {
  const copy = new ServerStatusCopy()
  const row = { model: 'clustered', connected: true, leader: true, cid: ['uuid', cid], index: 3, name: 'A' }
  copy.apply({ Database: { u1: { initial: row } } })
  assert.deepEqual(copy.status, { ...good, index: 3 })
  copy.apply({ Database: { u1: { modify: { leader: false, index: 4 } } } })
  assert.deepEqual(copy.status, { ...good, leader: false, index: 4 })
  copy.apply({ Database: { u2: { insert: row }, u1: { delete: null } } })
  assert.equal(copy.status!.leader, true)
  copy.apply({ Database: { u2: { delete: null } } })
  assert.equal(copy.status, undefined)
})
