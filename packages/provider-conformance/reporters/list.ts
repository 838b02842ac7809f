// `--list`: every case with its level, rule and source, and nothing run.
import type { CaseGroup } from '../conformance-case.ts'

export function caseList(groups: readonly CaseGroup[]): string {
  return groups
    .map(({ name, about, cases }) =>
      [
        `${name}: ${about} (${cases.length})`,
        ...cases.map(
          ({ id, level, readOnly, rule, source }) =>
            `  ${id}  [${level}${readOnly ? ', read-only' : ''}]\n      ${rule}\n      from: ${source}`,
        ),
      ].join('\n'),
    )
    .join('\n\n')
}
