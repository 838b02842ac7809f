import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTrafficHistory, type TrafficSample } from '../../hosts/traffic-history.ts'
import { trafficOf } from './nic-traffic.ts'

const now = 1_000_000
const at = (seconds: number, rx: number, hostId = 'a'): TrafficSample => ({
  ...{ hostId, time: now + seconds * 1000, sampleTime: 5_000 + seconds, rx, tx: rx / 2 },
})
const lastOf = (...histories: TrafficSample[][]) => trafficOf(histories, now).slice(-4)
const rates = (...histories: TrafficSample[][]) => lastOf(...histories).map(({ rx }) => rx)

test('a rate is what was counted between two samples, in each direction', () => {
  const history = [at(-50, 0), at(-30, 2_000), at(-10, 2_100)]
  assert.deepEqual(rates(history), [100, 100, 5, 5])
  assert.deepEqual(lastOf(history).at(-1), { time: now, rx: 5, tx: 2.5 })
})

test('rates of several are added; where nothing is known there is no number', () => {
  assert.deepEqual(rates([at(-20, 0), at(-5, 150)], [at(-40, 0), at(-20, 20)]), [undefined, 1, 11, 11])
  assert.deepEqual(rates([at(-200, 0), at(-100, 50)]), [undefined, undefined, undefined, undefined])
  assert.deepEqual(rates([at(-10, 7)]), [undefined, undefined, undefined, undefined])
  assert.equal(trafficOf([], now).length, 41)
})

test('counters that began anew, or are those of another host, are no rate', () => {
  assert.deepEqual(rates([at(-20, 900), at(-1, 10)]).at(-1), undefined)
  assert.deepEqual(rates([at(-20, 0), at(-1, 10, 'b')]).at(-1), undefined)
})

test('of each vNIC a bounded number of samples is kept, and nothing of those that are gone', () => {
  let time = 0
  const history = createTrafficHistory(() => time)
  const tell = (vmId: string, counters: object) =>
    history.record('a', [{ vmId, status: 'Up', network: { tap: { macAddr: '02:AA:00:00:00:01', ...counters } } }])
  tell('gone', { rx: '1', tx: '1' })
  tell('silent', {})
  for (time = 0; time < 3_600_000; time += 15_000) tell('vm', { rx: String(time), tx: '0', sampleTime: time / 1000 })
  const kept = history.of('vm', '02:aa:00:00:00:01')
  assert.deepEqual([kept.length, kept.at(-1)!.rx], [44, 3_585_000])
  for (const vmId of ['gone', 'silent']) assert.deepEqual(history.of(vmId, '02:aa:00:00:00:01'), [])
})
