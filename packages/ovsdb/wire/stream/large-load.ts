// A monitor's first answer has every row of the database. Read as one JSON text, it is a tree of objects several times as
// large as what is kept of it, and all of it is there at once. So the rows of a large one are read some at a time.
import type { RowUpdates } from './row-updates.ts'

/** Characters from which on an answer is large. */
export const largeText = 1_000_000
/** Of one part, about. */
const partChars = 100_000

/**
 * What follows each row's uuid. Only the protocol has objects (maps are arrays), and within a text there are no quotes
 * without a backslash: nothing that a row contains looks like it (ovsdb-server(7), 4.1.14).
 */
const beginning = '":{"initial":{'
/** From the quote before a uuid to the one behind it. */
const uuidLength = 37

/** As JSON.parse, but that a table of many rows is a sequence of parts. Throws a SyntaxError, and so may a part. */
export function parseLarge(text: string): Record<string, unknown> {
  const runs = runsOf(text)
  const json = JSON.parse(withoutRuns(text, runs))
  const tables = updatesIn(json.result)
  for (const run of runs) {
    const last = text.slice(run.end + 1, run.end + uuidLength)
    const name = Object.keys(tables).find((table) => Object.hasOwn(tables[table]!, last))
    if (name === undefined) return JSON.parse(text)
    tables[name] = new RowParts(text, run, tables[name] as RowUpdates)
  }
  return json
}

/** The rows of a table but for its last one, whose end is not known. */
interface Run {
  /** Where parts begin. */
  readonly starts: readonly number[]
  /** Where the last row begins. */
  readonly end: number
}

/** Tables of a single part have none. */
function runsOf(text: string): Run[] {
  const runs: Run[] = []
  let starts: number[] = []
  let last = 0
  const finish = () => {
    if (starts.length > 1) runs.push({ starts, end: last })
    starts = []
  }
  for (let at = text.indexOf(beginning); at >= 0; at = text.indexOf(beginning, at + 1)) {
    const start = at - uuidLength
    if (text[start - 1] === '{') finish()
    if (starts.length === 0 || start - starts.at(-1)! >= partChars) starts.push(start)
    last = start
  }
  finish()
  return runs
}

function withoutRuns(text: string, runs: readonly Run[]): string {
  const kept: string[] = []
  let from = 0
  for (const { starts, end } of runs) {
    kept.push(text.slice(from, starts[0]))
    from = end
  }
  return [...kept, text.slice(from)].join('')
}

/** Of `monitor_cond_since` the third element, of older methods the whole. */
const updatesIn = (result: unknown) =>
  ((Array.isArray(result) ? result[2] : result) ?? {}) as Record<string, RowUpdates | RowParts>

class RowParts implements Iterable<RowUpdates> {
  readonly #text: string
  readonly #run: Run
  readonly #last: RowUpdates

  constructor(text: string, run: Run, last: RowUpdates) {
    this.#text = text
    this.#run = run
    this.#last = last
  }

  *[Symbol.iterator](): Generator<RowUpdates> {
    const { starts, end } = this.#run
    for (const [index, start] of starts.entries()) {
      const next = starts[index + 1] ?? end
      // Without the comma before the next one. The last row may be a part of its own.
      if (next > start) yield JSON.parse(`{${this.#text.slice(start, next - 1)}}`)
    }
    yield this.#last
  }
}
