// The exec protocol of VIF drivers: what goes over stdin and stdout of a driver that is an executable.
// docs/vif-driver.md, "A driver in any language", is the specification.
import type { Capabilities, DriverState, Phase, Properties, VmStats, verbs } from '../contract.ts'
import { DriverError, type DriverErrorKind, driverErrors } from '../driver-error.ts'

export type ExecVerb = 'version' | (typeof verbs)[number]

/** On stdin, to its end. What a verb does not need is left out. */
export interface ExecRequest {
  readonly apiVersion: '1.0'
  readonly verb: ExecVerb
  /** After this many milliseconds the process group is ended. */
  readonly timeoutMs: number
  /** The driver's own, from the host's configuration. */
  readonly options: unknown
  readonly host: { readonly hostName: string; readonly instance?: string | undefined; readonly stateDir: string }
  readonly phase?: Phase
  readonly domxml?: string
  readonly properties?: Properties
  readonly state?: DriverState | undefined
  readonly caps?: Capabilities
  readonly stats?: VmStats
}

/** On stdout, with exit code 0. */
export interface ExecReply {
  readonly apiVersions?: unknown
  readonly verbs?: unknown
  readonly domxml?: unknown
  readonly state?: unknown
  readonly caps?: unknown
  readonly stats?: unknown
}

export const maxReplyBytes = 1024 * 1024

/** How a process ended. `code` is null when a signal ended it. */
export interface ExecOutcome {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  /** The last line that says something. */
  readonly lastWords: string
}

/** Throws a DriverError that says what the driver said, or what is wrong with what it said. */
export function readOutcome(outcome: ExecOutcome): ExecReply {
  const { code, signal, stdout } = outcome
  const reply = objectIn(stdout)
  if (code === 0 && reply && !('error' in reply)) return reply
  if (code !== 0 && reply && 'error' in reply) throw told(reply.error)
  throw new DriverError('internal', `${ending(code, signal)} ${answered(stdout, reply)}${lastWords(outcome)}`)
}

/** Kind of an error by its code; codes from 100 are the driver's own. */
function told(error: unknown): DriverError {
  const { code, message } = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>
  const text = typeof message === 'string' && message.trim() !== '' ? oneLine(message) : 'it gave no reason'
  const kind = (Object.keys(driverErrors) as DriverErrorKind[]).find((each) => driverErrors[each] === code)
  return kind ? new DriverError(kind, text) : new DriverError('internal', `${text} (code ${JSON.stringify(code)})`)
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

const ending = (code: number | null, signal: NodeJS.Signals | null) =>
  signal ? `the driver was ended by ${signal}` : `the driver ended with exit code ${code}`

function answered(stdout: string, reply: object | undefined): string {
  if (stdout.trim() === '') return 'and answered nothing'
  if (!reply) return `and its answer is no JSON object: ${JSON.stringify(oneLine(stdout).slice(0, 80))}`
  return 'error' in reply ? 'and yet answered an error' : 'and answered no error'
}

const lastWords = ({ lastWords: words }: ExecOutcome) => (words === '' ? '' : `; stderr ends with: ${words}`)

const oneLine = (text: string) => text.trim().replaceAll(/\s*\n\s*/g, '; ')
