// What the services of a laboratory said last: for reading afterwards why a test failed that mostly does not.
import { readFileSync } from 'node:fs'
import type { TestContext } from 'node:test'

const mostLines = 60

interface Laboratory {
  /** By name, and where its log is. */
  readonly services: Readonly<Record<string, { readonly log: string }>>
}

/** Tells it as diagnostics of the test. */
export function tellLogs(t: Pick<TestContext, 'diagnostic'>, { services }: Laboratory): void {
  for (const [name, { log }] of Object.entries(services)) t.diagnostic(`the log of ${name} ends with:\n${tailOf(log)}`)
}

function tailOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-mostLines).join('\n')
  } catch (error) {
    return `(it cannot be read: ${(error as Error).message})`
  }
}
