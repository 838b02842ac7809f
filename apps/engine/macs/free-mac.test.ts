// A free address is found wherever it is, however many are used.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MacPool } from '../store/entities/mac-pools.ts'
import { openStore, type Store } from '../store/store.ts'
import { freeMac } from './free-mac.ts'
import { toMac, toNumber } from './mac-range.ts'

const from = '02:00:00:00:00:00'
const pool = { name: 'p', ranges: [{ from, to: '02:00:00:00:05:13' }] } as unknown as MacPool
const size = 1_300

async function use(store: Store, places: readonly number[]): Promise<void> {
  await store.transaction(async (tables) => {
    for (const place of places) {
      const id = `nic-${place}`
      const mac = toMac(toNumber(from) + place)
      const flags = { linked: true, plugged: true, hasPort: false }
      await tables.nics.insert({
        id,
        vmId: 'v',
        name: id,
        mac,
        model: 'virtio',
        profileId: '',
        wiredAs: '',
        filterParameters: [],
        ...flags,
      })
    }
  })
}

test('the last free one of many is found, and then none', async () => {
  await using store = await openStore('sqlite::memory:')
  for (const last of [0, 1_111, size - 1]) {
    await use(
      store,
      Array.from({ length: size }, (_each, place) => place).filter((place) => place !== last),
    )
    assert.equal(await freeMac(store, pool, 'add vNIC'), toMac(toNumber(from) + last))
    await use(store, [last])
    await assert.rejects(freeMac(store, pool, 'add vNIC'), { key: 'MAC_POOL_NOT_ENOUGH_MAC_ADDRESSES' })
    for (const { id } of await store.nics.find({})) await store.nics.remove(id)
  }
})
