// A reporter of `npm test`: at the end, which test files took longest. The whole run has 25 minutes.
import { relative } from 'node:path'
import type { TestEvent } from 'node:test/reporters'

const shown = 15

/** A file is itself a test of the runner, named by its path; what it took includes its start. */
export default async function* slowestFiles(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const took = new Map<string, number>()
  for await (const { type, data } of events)
    if (type === 'test:complete' && data.file && data.name === relative(process.cwd(), data.file))
      took.set(data.name, data.details.duration_ms)
  const slowest = [...took].sort(([, a], [, b]) => b - a).slice(0, shown)
  yield [
    '',
    'Slowest files:',
    ...slowest.map(([file, ms]) => `${(ms / 1000).toFixed(1).padStart(7)} s  ${file}`),
    '',
  ].join('\n')
}
