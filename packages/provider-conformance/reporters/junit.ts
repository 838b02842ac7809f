// The report for CI systems: JUnit's XML. A test suite is a group, a failure that is not required is told as skipped.
import type { CaseGroup } from '../conformance-case.ts'
import { byGroup, type CaseResult, type Report } from '../report.ts'

export function junitReport(report: Report, groups: readonly CaseGroup[]): string {
  const suites = byGroup(report, groups)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escaped(`conformance of ${report.provider}`)}" ${counts(report.results)} time="${seconds(report.durationMs)}">`,
    ...suites.flatMap(({ group, results }) => [
      `  <testsuite name="${group.name}" ${counts(results)} timestamp="${report.startedAt}">`,
      ...results.flatMap(testcase),
      '  </testsuite>',
    ]),
    ...endOf(report),
    '</testsuites>',
  ].join('\n')
}

function testcase(result: CaseResult): string[] {
  const head = `    <testcase classname="${result.group}" name="${escaped(`${result.id}: ${result.rule}`)}" time="${seconds(result.durationMs)}"`
  const inner = innerOf(result)
  return inner === undefined ? [`${head}/>`] : [`${head}>`, `      ${inner}`, '    </testcase>']
}

function innerOf({ outcome, level, reason, source, requests }: CaseResult): string | undefined {
  if (outcome === 'passed') return undefined
  if (outcome === 'skipped') return `<skipped message="${escaped(reason)}"/>`
  if (level !== 'required') return `<skipped message="${escaped(`not held, but only ${level}: ${reason}`)}"/>`
  const details = [`source: ${source}`, ...requests].join('\n')
  return `<failure type="${level}" message="${escaped(reason)}">${escaped(details)}</failure>`
}

/** What no case tells: the run was cut short, or something was left. */
function endOf({ stopped, leftovers }: Report): string[] {
  const messages = [...(stopped === undefined ? [] : [stopped]), ...leftovers.map((path) => `not removed: ${path}`)]
  if (messages.length === 0) return []
  return [
    `  <testsuite name="run" tests="${messages.length}" failures="${messages.length}" errors="0" skipped="0">`,
    ...messages.map(
      (message) =>
        `    <testcase classname="run" name="the run ends in order"><failure message="${escaped(message)}"/></testcase>`,
    ),
    '  </testsuite>',
  ]
}

function counts(results: readonly CaseResult[]): string {
  const failures = results.filter(({ outcome, level }) => outcome === 'failed' && level === 'required').length
  const passed = results.filter(({ outcome }) => outcome === 'passed').length
  return `tests="${results.length}" failures="${failures}" errors="0" skipped="${results.length - passed - failures}"`
}

const seconds = (durationMs: number) => (durationMs / 1000).toFixed(3)

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;' }

/** Characters that XML does not have, even escaped, become question marks. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '?')
    .replace(/[&<>"\n]/g, (character) => entities[character]!)
}
