// What a benchmark leaves: a table to read and a file to compare.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Row {
  readonly what: string
  readonly value: number
  readonly unit: string
  /** Such as `>= 0.5`; absent where nothing is promised. */
  readonly goal?: string
}

const resultsDir = join(import.meta.dirname, 'results')

/** Prints the rows, writes `results/NAME.json`, and answers whether every goal holds. */
export function report(bench: string, rows: readonly Row[]): boolean {
  const judged = rows.map((row) => (row.goal === undefined ? row : { ...row, holds: holds(row.value, row.goal) }))
  const width = Math.max(...rows.map(({ what }) => what.length))
  console.log(`\n${bench}`)
  for (const row of judged) {
    const verdict = 'holds' in row ? `   goal ${row.goal} ${row.holds ? '✓' : '✗ missed'}` : ''
    console.log(`  ${row.what.padEnd(width)}  ${shown(row.value).padStart(10)} ${row.unit}${verdict}`)
  }
  mkdirSync(resultsDir, { recursive: true })
  writeFileSync(
    join(resultsDir, `${bench}.json`),
    `${JSON.stringify({ bench, at: new Date().toISOString(), rows: judged }, null, 2)}\n`,
  )
  return judged.every((row) => !('holds' in row) || row.holds)
}

function holds(value: number, goal: string): boolean {
  const [, operator, bound] = /^(<=|>=)\s*([\d.]+)$/.exec(goal) ?? []
  if (operator === undefined) throw new Error(`"${goal}" is not a goal such as ">= 0.5"`)
  return operator === '<=' ? value <= Number(bound) : value >= Number(bound)
}

const shown = (value: number) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3))
