// Jobs: what they say of their steps, and how long they are kept.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createJobLog, mostEnded } from './job-log.ts'

const row = (id: string, step = 0) => ({
  id,
  kind: 'k',
  state: {},
  step,
  direction: 'forward' as const,
  error: '',
  correlationId: 'c',
  userName: '',
  createdAt: '',
})
const steps = [{ name: 'make' }, { name: 'bind' }]

test('a step that failed and was done at last is finished; one that is undone stays failed', () => {
  const jobs = createJobLog()
  const said = (id: string) => {
    const { status, reason, steps } = jobs.get(id)!
    return [status, reason, ...steps.map((step) => `${step.description} ${step.status}`)]
  }
  jobs.began(row('a'), 'run VM', steps)
  jobs.stuck('a', 'away')
  assert.deepEqual(said('a'), ['started', 'away', 'make failed'])
  jobs.reached('a', 1)
  assert.deepEqual(said('a'), ['started', '', 'make finished', 'bind started'])
  jobs.reached('a', 2)
  jobs.ended('a', 'finished')
  assert.deepEqual(said('a'), ['finished', '', 'make finished', 'bind finished'])
  jobs.began(row('b', 1), 'run VM', steps)
  jobs.stuck('b', 'no')
  jobs.ended('b', 'failed')
  assert.deepEqual(said('b'), ['failed', 'no', 'bind failed'])
})

test('what has ended is kept for an hour, and not without bound; what goes on is kept', () => {
  let now = 0
  const jobs = createJobLog(() => now)
  jobs.began(row('on'), 'a', steps)
  for (let at = 0; at <= mostEnded; at++) {
    jobs.began(row(`${at}`), 'a', steps)
    jobs.ended(`${at}`, 'finished')
  }
  assert.equal(jobs.list().length, mostEnded + 1)
  assert.equal(jobs.get('0'), undefined)
  now = 3_600_001
  assert.deepEqual(
    jobs.list().map(({ id }) => id),
    ['on'],
  )
})
