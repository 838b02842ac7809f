// What the provider hears of wires when it was away: in the end, what is so.
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { openWireReports } from './wire-reports.ts'

const never = new AbortController().signal

function startScene(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const stateDir = mkdtempSync(join(tmpdir(), 'patchbay-wires-'))
  t.after(() => rmSync(stateDir, { recursive: true }))
  const heard: string[] = []
  const scene = {
    heard,
    isAway: false,
    open() {
      const provider = {
        async setWired(portId: string, hostId: string, wired: boolean) {
          if (scene.isAway) throw new Error('away')
          heard.push(`${portId} ${wired ? 'on' : 'off'} ${hostId}`)
        },
      }
      const reports = openWireReports({ provider, hostId: 'host-a', stateDir, log: { info() {}, warn() {} } })
      t.after(() => reports[Symbol.dispose]())
      return reports
    },
    /** The time to the next attempt passes, and what it does. */
    async pause() {
      t.mock.timers.tick(2_000)
      for (let turns = 0; turns < 20; turns++) await turn()
    },
    remembered: () => readdirSync(join(stateDir, 'unheard')),
  }
  return scene
}

test('ports that left while the provider was away are reported when it is back, each once', async (t) => {
  const scene = startScene(t)
  const reports = scene.open()
  scene.isAway = true
  await reports.unwired('port-1')
  await reports.unwired('port-2')
  await scene.pause()
  assert.deepEqual(scene.heard, [])
  assert.deepEqual(scene.remembered(), ['port-1', 'port-2'])
  scene.isAway = false
  await scene.pause()
  await scene.pause()
  assert.deepEqual(scene.heard, ['port-1 off host-a', 'port-2 off host-a'])
  assert.deepEqual(scene.remembered(), [])
})

test('a driver that was started since reports them', async (t) => {
  const scene = startScene(t)
  const before = scene.open()
  scene.isAway = true
  await before.unwired('port-1')
  before[Symbol.dispose]()
  scene.isAway = false
  await scene.pause()
  assert.deepEqual(scene.heard, [])
  scene.open()
  await scene.pause()
  assert.deepEqual(scene.heard, ['port-1 off host-a'])
})

test('a port that was wired again meanwhile stays so', async (t) => {
  const scene = startScene(t)
  const reports = scene.open()
  scene.isAway = true
  await reports.unwired('port-1')
  scene.isAway = false
  await reports.wired('port-1', never)
  await scene.pause()
  assert.deepEqual(scene.heard, ['port-1 on host-a'])
  assert.deepEqual(scene.remembered(), [])
})

test('what is no id of a port is not remembered', async (t) => {
  const scene = startScene(t)
  const reports = scene.open()
  scene.isAway = true
  await reports.unwired('../port-1')
  assert.deepEqual(scene.remembered(), [])
})
