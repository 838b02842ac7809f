// The report for programs: everything that the run found, as one JSON document.
import { count, holds, type Report } from '../report.ts'

export function jsonReport(report: Report): string {
  return JSON.stringify({ ...report, holds: holds(report), counts: count(report.results) }, null, 2)
}
