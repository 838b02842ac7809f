// The reports: what people and programs read of one and the same run.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DOMParser } from '@xmldom/xmldom'
import { allGroups } from '../groups/all.ts'
import type { CaseResult, Report } from '../report.ts'
import { jsonReport } from './json.ts'
import { junitReport } from './junit.ts'
import { caseList } from './list.ts'
import { textReport } from './text.ts'

const result = (more: Partial<CaseResult>): CaseResult => ({
  id: 'engine/one',
  group: 'engine',
  level: 'required',
  rule: 'A provider answers <this> & "that"',
  source: 'somewhere',
  outcome: 'passed',
  reason: '',
  requests: [],
  durationMs: 12,
  ...more,
})

const report = (more: Partial<Report> = {}): Report => ({
  provider: 'http://host:9696?a=1&b=2',
  runId: '0badcafe',
  startedAt: '2026-11-22T00:00:00.000Z',
  durationMs: 1234,
  leftovers: [],
  results: [
    result({}),
    result({
      id: 'engine/two',
      outcome: 'failed',
      reason: 'it is <odd> \u0001 & "worse"',
      requests: ['GET / → 500 ]]>'],
    }),
    result({ id: 'networks/three', group: 'networks', level: 'recommended', outcome: 'failed', reason: 'no' }),
    result({ id: 'routers/four', group: 'routers', outcome: 'skipped', reason: 'there are none' }),
  ],
  ...more,
})

test('the text says what failed, from which rule, what was sent and what to do, and ends with the numbers', () => {
  const text = textReport(report(), allGroups)
  for (const part of [
    '✓ engine/one',
    '✗ engine/two',
    'level   required',
    'source  somewhere',
    'found   it is <odd>',
    'GET / → 500',
    '– all 1 skipped: there are none',
    'will have trouble with this provider: 1 case of level required failed',
    'What to do',
    'Recommended: 1 case failed',
  ])
    assert.ok(text.includes(part), `${part} is missing in:\n${text}`)
  assert.equal(text.split('\n').at(-1), '1 passed, 2 failed, 1 skipped')
})

test('the text names first what many cases failed with', () => {
  const same = [1, 2, 3].map((n) =>
    result({ id: `engine/${n}`, outcome: 'failed', reason: 'POST /v2.0/subnets answers 501' }),
  )
  const other = result({ id: 'engine/4', outcome: 'failed', reason: 'no id' })
  const text = textReport(report({ results: [other, ...same] }), allGroups)
  assert.match(text, /many cases failed with:\n {2}3 cases, engine\/1 the first: POST \/v2\.0\/subnets answers 501\n/)
  assert.doesNotMatch(text, /the first: no id/)
})

test('the text says what was left and why the run ended', () => {
  const text = textReport(report({ leftovers: ['/ports/7'], stopped: 'interrupted' }), allGroups)
  assert.match(text, /did not come to its end: interrupted/)
  assert.match(text, /please delete:\n {2}\/ports\/7/)
})

test('the JSON is the report with its numbers and the verdict', () => {
  const { holds, counts, ...rest } = JSON.parse(jsonReport(report()))
  assert.deepEqual([holds, counts], [false, { passed: 1, failed: 2, skipped: 1 }])
  assert.deepEqual(rest, report())
})

test('the JUnit document is well-formed, and only what is required fails', () => {
  const document = parse(junitReport(report({ leftovers: ['/ports/<7>'] }), allGroups))
  const suites = [...document.getElementsByTagName('testsuite')]
  assert.deepEqual(
    suites.map((suite) => ['name', 'tests', 'failures', 'skipped'].map((name) => suite.getAttribute(name))),
    [
      ['engine', '2', '1', '0'],
      ['networks', '1', '0', '1'],
      ['routers', '1', '0', '1'],
      ['run', '1', '1', '0'],
    ],
  )
  const [failure] = [...document.getElementsByTagName('failure')]
  assert.equal(failure!.getAttribute('message'), 'it is <odd> ? & "worse"')
  assert.equal(failure!.textContent, 'source: somewhere\nGET / → 500 ]]>')
  const [first] = [...document.getElementsByTagName('testcase')]
  assert.equal(first!.getAttribute('name'), 'engine/one: A provider answers <this> & "that"')
})

test('the list names every case with its rule and its source', () => {
  const list = caseList(allGroups)
  for (const { id, rule, source } of allGroups.flatMap(({ cases }) => cases))
    for (const part of [id, rule, source]) assert.ok(list.includes(part), part)
})

function parse(xml: string) {
  return new DOMParser({
    onError: (level, message) => assert.fail(`${level}: ${message}`),
  }).parseFromString(xml, 'text/xml')
}
