// The report for people: every case by group, what failed and why, what it means and what to do.
import type { CaseGroup } from '../conformance-case.ts'
import { byGroup, type CaseResult, count, failed, holds, type Report } from '../report.ts'

const marks = { passed: '✓', failed: '✗', skipped: '–' }

/** The last line is `N passed, N failed, N skipped`. */
export function textReport(report: Report, groups: readonly CaseGroup[]): string {
  const { passed, failed, skipped } = count(report.results)
  return [
    `Conformance of ${report.provider}, ${report.startedAt}, run ${report.runId}`,
    ...byGroup(report, groups).flatMap(({ group, results }) => [
      '',
      `${group.name}: ${group.about}`,
      ...groupLines(results),
    ]),
    '',
    ...verdict(report),
    '',
    `${passed} passed, ${failed} failed, ${skipped} skipped`,
  ].join('\n')
}

/** A group that is skipped for one reason is one line. */
function groupLines(results: readonly CaseResult[]): string[] {
  const [first] = results
  const alike = results.every(({ outcome, reason }) => outcome === 'skipped' && reason === first?.reason)
  if (alike) return [`  ${marks.skipped} all ${results.length} skipped: ${first?.reason}`]
  return results.flatMap(caseLines)
}

function caseLines({ id, level, rule, source, outcome, reason, requests }: CaseResult): string[] {
  const head = `  ${marks[outcome]} ${id}: ${rule}`
  if (outcome === 'passed') return [head]
  if (outcome === 'skipped') return [head, `      skipped: ${reason}`]
  return [
    head,
    `      level   ${level}`,
    `      source  ${source}`,
    `      found   ${reason}`,
    ...requests.map((line, index) => `      ${index === 0 ? 'sent' : '    '}    ${line}`),
  ]
}

function verdict(report: Report): string[] {
  const { stopped, leftovers } = report
  const lines = stopped === undefined ? ownVerdict(report) : [`The run did not come to its end: ${stopped}.`]
  if (leftovers.length === 0) return lines
  return [...lines, 'The kit could not remove what it made; please delete:', ...leftovers.map((path) => `  ${path}`)]
}

function ownVerdict(report: Report): string[] {
  const required = failed(report, 'required').length
  const advice = adviceLines(report)
  if (required > 0)
    return [
      `A real oVirt engine will have trouble with this provider: ${cases(required)} of level required failed.`,
      'What to do: mend these first. Each says above what was sent, what came back and what the rule is.',
      ...sharedCauses(report),
      ...advice,
    ]
  const ran = report.results.some(({ outcome, level }) => outcome === 'passed' && level === 'required')
  if (!ran || !holds(report)) return ['Nothing required failed.', ...advice]
  return ['Everything required that was checked holds: a real oVirt engine can work with this provider.', ...advice]
}

/** What makes many cases fail is mended before them. */
function sharedCauses({ results }: Report): string[] {
  const alike = Object.groupBy(
    results.filter(({ outcome }) => outcome === 'failed'),
    ({ reason }) => reason,
  )
  const shared = Object.entries(alike).flatMap(([reason, cases = []]) => (cases.length < 3 ? [] : [{ reason, cases }]))
  if (shared.length === 0) return []
  const lines = shared
    .sort((one, other) => other.cases.length - one.cases.length)
    .slice(0, 5)
    .map(({ reason, cases }) => `  ${cases.length} cases, ${cases[0]!.id} the first: ${reason}`)
  return ['Begin with what many cases failed with:', ...lines]
}

function adviceLines(report: Report): string[] {
  const recommended = failed(report, 'recommended').length
  const optional = failed(report, 'optional').length
  return [
    ...(recommended > 0
      ? [`Recommended: ${cases(recommended)} failed. The OpenStack command and drivers expect what Neutron does there.`]
      : []),
    ...(optional > 0 ? [`Optional: ${cases(optional)} failed. No real engine minds.`] : []),
  ]
}

const cases = (number: number) => (number === 1 ? '1 case' : `${number} cases`)
