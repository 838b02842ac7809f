import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countersIn, shownBytes } from './nic-counters.ts'

test('what an interface has received and sent, where the host tells it', () => {
  const statistic = (name: string, datum?: string) => ({
    name,
    values: datum === undefined ? {} : { value: [{ datum }] },
  })
  const told = [statistic('data.total.rx', '1200'), statistic('data.total.tx'), statistic('errors.total.rx', '1')]
  const counters = countersIn({ host_nic: [{ id: 'eth0', statistics: { statistic: told } }, { id: 'eth1' }] })
  assert.deepEqual(counters.get('eth0'), { received: 1200, sent: undefined })
  assert.deepEqual(counters.get('eth1'), { received: undefined, sent: undefined })
  assert.deepEqual(countersIn({}), new Map())
})

test('bytes have the unit that fits', () => {
  assert.deepEqual([undefined, 0, 999, 1200, 25_000_000].map(shownBytes), ['–', '0B', '999B', '1.2KB', '25MB'])
})
