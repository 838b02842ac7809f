// Running system tools: an argv, a time limit, and an error that says what went wrong. Published to a diagnostics
// channel, so that a service can count the time that its tools take.
import { execFile } from 'node:child_process'
import { channel } from 'node:diagnostics_channel'

export interface RunOptions {
  readonly input?: string
  readonly timeoutMs?: number
  readonly env?: NodeJS.ProcessEnv
  readonly signal?: AbortSignal
}

export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly argv: readonly string[]
  /** undefined: it could not be started, or was killed. */
  readonly exitCode: number | undefined
  readonly stderr: string

  constructor(argv: readonly string[], exitCode: number | undefined, stderr: string, reason: string) {
    // One line, as it becomes part of other messages.
    const said = stderr
      .trim()
      .slice(0, 2000)
      .replaceAll(/\s*\n\s*/g, '; ')
    super(`${argv.slice(0, 8).join(' ')}: ${said || reason}`)
    this.argv = argv
    this.exitCode = exitCode
    this.stderr = stderr
  }
}

/** What is published for each command that ended. */
export interface CommandEnded {
  readonly argv: readonly string[]
  readonly ms: number
}

export const commands = channel('patchbay:command')

const maxOutputBytes = 16 * 1024 * 1024

/** Runs a command to its end and answers its standard output. Throws a CommandError unless it exits with 0. */
export function run(
  argv: readonly string[],
  { input, timeoutMs = 10_000, env, signal }: RunOptions = {},
): Promise<string> {
  const [file = '', ...args] = argv
  const started = performance.now()
  return new Promise((resolve, reject) => {
    const options = { timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: maxOutputBytes, env, signal } as const
    const child = execFile(file, args, options, (error, stdout, stderr) => {
      commands.publish({ argv, ms: performance.now() - started } satisfies CommandEnded)
      if (!error) return resolve(stdout)
      const exitCode = typeof error.code === 'number' ? error.code : undefined
      reject(
        new CommandError(argv, exitCode, stderr, error.killed ? `no result within ${timeoutMs} ms` : error.message),
      )
    })
    // A command that ends without reading its input is not an error of ours.
    child.stdin?.on('error', () => {})
    child.stdin?.end(input)
  })
}
