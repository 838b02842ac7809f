import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chainOf, type Diagnosis, verdictOf } from './chain.ts'

const broken: Diagnosis = {
  id: 'n1',
  href: '/vms/v/nics/n1/diagnosis',
  status: 'broken',
  cause: 'host',
  advice: 'Start its agent.',
  steps: [
    { name: 'VM', status: 'ok', found: 'web is up' },
    { name: 'host', status: 'broken', found: 'a is non_responsive', advice: 'Start its agent.' },
    { name: 'driver', status: 'skipped', found: 'the host is away' },
    { name: 'port', status: 'broken', found: 'the port is DOWN' },
  ],
}

test('of several broken links one is the cause', () => {
  assert.deepEqual(
    chainOf(broken).map(({ name, status, isCause }) => [name, status, isCause]),
    [
      ['VM', 'ok', false],
      ['host', 'broken', true],
      ['driver', 'skipped', false],
      ['port', 'broken', false],
    ],
  )
})

test('what is broken comes first, with its advice', () => {
  assert.deepEqual(verdictOf(broken), { variant: 'danger', title: 'Broken: host', body: 'Start its agent.' })
})

test('a chain that could not be looked at is not called good', () => {
  assert.equal(verdictOf({ ...broken, status: 'unknown', cause: undefined, advice: undefined }).variant, 'warning')
  assert.equal(verdictOf({ ...broken, status: 'ok' }).variant, 'success')
  assert.deepEqual(chainOf({ id: 'n1', href: '', status: 'unknown' }), [])
})
