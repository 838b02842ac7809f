import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cpuTimes, cpuUsage, createHostLoad, memory, ownUsage } from './host-load.ts'

const stat = (times: string) => `cpu  ${times}\ncpu0 1 2 3 4 5 6 7 8 9 0\nbtime 1700000000\n`

test('CPUs are as busy as they were between two looks', () => {
  const before = cpuTimes(stat('100 0 100 800 0 0 0 0 50 0'))
  assert.deepEqual(before, { user: 100, system: 100, total: 1000 })
  const now = cpuTimes(stat('120 10 150 900 10 5 5 0 70 0'))
  assert.deepEqual(cpuUsage(before, now), { cpuUser: '15.00', cpuSys: '25.00', cpuIdle: '60.00' })
  assert.deepEqual(cpuUsage(now, now), { cpuUser: '0.00', cpuSys: '0.00', cpuIdle: '100.00' })
})

test('what the agent takes is in percent of one CPU', () => {
  const tookHalf = { user: 400_000, system: 100_000 }
  assert.deepEqual(ownUsage(tookHalf, 1_000), { cpuUserVdsmd: '40.00', cpuSysVdsmd: '10.00' })
})

test('memory is in the units of VDSM', () => {
  const kib = { MemTotal: 8192, MemFree: 1024, Buffers: 512, Cached: 512, AnonHugePages: 2048, SwapTotal: 4096 }
  const text = Object.entries(kib).map(([name, value]) => `${name}:    ${value} kB\n`)
  assert.deepEqual(memory(text.join('')), { memUsed: '75', anonHugePages: '2', swapTotal: 4, swapFree: 0 })
})

test('a look right after another one tells the same', () => {
  const look = createHostLoad()
  const { cpuUser, cpuSys, cpuIdle, bootTime } = look()
  assert.ok(Number(cpuUser) > 0 && Number(cpuSys) > 0 && Number(cpuIdle) >= 0)
  assert.ok(Number(bootTime) > 0)
  const again = look()
  assert.deepEqual([again.cpuUser, again.cpuSys, again.cpuIdle], [cpuUser, cpuSys, cpuIdle])
})
