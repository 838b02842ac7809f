// Old events go, however many there are; the newest stay.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStore } from '../store/store.ts'
import { createEventLog } from './event-log.ts'
import { removeOldEvents } from './event-retention.ts'

test('events from before a moment are removed, batch by batch, and the others count on', async () => {
  await using store = await openStore('sqlite::memory:')
  const log = createEventLog(store)
  const told = { severity: 'normal', description: 'old', origin: 'test', customId: '1', floodRate: 0 } as const
  const { id, ...old } = await log.add(told)
  await store.transaction(async ({ events }) => {
    for (let at = 0; at < 1_200; at++)
      await events.insert({ ...old, id: `${id}-${at}`, sequence: at + 2, time: '2020-01-01T00:00:00.000Z' })
  })
  assert.equal(await removeOldEvents(store, '2021-01-01T00:00:00.000Z', new AbortController().signal), 1_200)
  await log.add({ ...told, customId: '2' })
  assert.deepEqual(
    (await log.list({})).map(({ customId }) => customId),
    ['1', '2'],
  )
  assert.equal(await removeOldEvents(store, '2021-01-01T00:00:00.000Z', AbortSignal.abort()), 0)
})
