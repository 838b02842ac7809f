// docs/vdsm-hooks.md, the hook points as data, and what the agent fires say the same, in all directions.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type HookPointTraits, hookPoints } from './hook-points.ts'

const page = readFileSync(new URL('../../../docs/vdsm-hooks.md', import.meta.url), 'utf8')
const rows = [...page.matchAll(/^\| `(\w+)` \| (.+) \|$/gm)].map(([, point, cells]) => [point!, ...cells!.split(' | ')])
const agent = join(import.meta.dirname, '..')

test('the page lists every hook point with its payload, and says what a failure and the output do', () => {
  const documented = rows.map(([point, payload, , failure, output]) => [
    point,
    { payload, raising: failure !== 'logged', outputUsed: output === 'used' },
  ])
  const known = Object.entries<HookPointTraits>(hookPoints).map(([point, { payload, raising, outputUsed }]) => [
    point,
    { payload, raising, outputUsed },
  ])
  assert.deepEqual(documented, known)
})

test('JSON hook points have no VM, but for one; device hooks have a device', () => {
  for (const [point, payload, environment] of rows) {
    if (payload === 'json') assert.equal(environment === '–', point !== 'after_disk_prepare', point)
    if (/_device_|_nic_|_disk_hot/.test(point!)) assert.match(environment!, /^device/, point)
  }
})

test('every hook point comes, and the page says from which verb', () => {
  const sources = globSync('**/*.ts', { cwd: agent, exclude: ['hooks/**', 'testing/**', '**/*.test.ts'] })
    .map((file) => readFileSync(join(agent, file), 'utf8'))
    .join('\n')
  const verbs = new Set([...sources.matchAll(/'((?:VM|Host)\.\w+)'/g)].map(([, verb]) => verb))
  for (const [point, , , , , when] of rows) {
    assert(sources.includes(`'${point}'`), point)
    const [, verb] = /^`([\w.]+)`/.exec(when!) ?? []
    if (verb) assert(verbs.has(verb), `${verb} of ${point}`)
  }
})
