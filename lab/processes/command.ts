// Runs one command to its end, here or in a host: bounded in time and output, with errors that say what failed where.
import { type ChildProcess, spawn } from 'node:child_process'
import type { Stream } from 'node:stream'

/** Where a command runs: `enter` is the argv that goes in front of it. */
export interface Place {
  name: string
  enter: readonly string[]
}

export const rootNamespace: Place = { name: 'root namespace', enter: [] }

export interface CommandOptions {
  place?: Place
  /** Then the command and its process group are killed. */
  timeoutMs?: number
  /** Standard input; empty when absent. */
  input?: string
  /** Added to the environment of this process. */
  env?: Record<string, string>
  /** Kept open by the command while it runs (see reaper.ts). */
  lifeline?: Stream | undefined
}

export interface CommandOutput {
  stdout: string
  stderr: string
}

export class CommandFailed extends Error {
  override name = 'CommandFailed'
  readonly argv: readonly string[]
  /** Undefined when a signal ended it, or when it never started. */
  readonly exitCode: number | undefined
  readonly stdout: string
  readonly stderr: string

  constructor(place: Place, argv: readonly string[], why: string, output: CommandOutput, exitCode?: number) {
    super(`${place.name}: ${argv.join(' ')}: ${why}${output.stderr && `: ${output.stderr.trim()}`}`)
    this.argv = argv
    this.exitCode = exitCode
    this.stdout = output.stdout
    this.stderr = output.stderr
  }
}

const DEFAULT_TIMEOUT_MS = 30_000
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024
const DEATH_TIMEOUT_MS = 1_000

/** Resolves on exit code 0; throws CommandFailed otherwise. */
export async function runCommand(argv: readonly string[], options: CommandOptions = {}): Promise<CommandOutput> {
  const { place = rootNamespace, timeoutMs = DEFAULT_TIMEOUT_MS, input = '', env = {}, lifeline } = options
  const [file = '', ...args] = [...place.enter, ...argv]
  // Its own process group, so that a timeout also ends what it started.
  const child = spawn(file, args, {
    detached: true,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe', ...(lifeline ? [lifeline] : [])],
  })
  const { why, exitCode, output } = await outcome(child, input, timeoutMs)
  if (why) throw new CommandFailed(place, argv, why, output, exitCode)
  return output
}

interface Outcome {
  /** Undefined means success. */
  why: string | undefined
  exitCode: number | undefined
  output: CommandOutput
}

function outcome(child: ChildProcess, input: string, timeoutMs: number): Promise<Outcome> {
  const output = { stdout: '', stderr: '' }
  return new Promise((resolve) => {
    let cut: string | undefined
    const end = (why: string | undefined, exitCode?: number) => {
      clearTimeout(timer)
      resolve({ why: cut ?? why, exitCode, output })
    }
    const cutShort = (why: string) => {
      cut ??= why
      killGroup(child)
      setTimeout(end, DEATH_TIMEOUT_MS, why).unref()
    }
    const timer = setTimeout(() => cutShort(`killed, not done after ${timeoutMs} ms`), timeoutMs)
    collect(child, output, () => cutShort(`killed, more than ${MAX_OUTPUT_BYTES} bytes of output`))
    child.on('error', (error) => end(`cannot start: ${error.message}`))
    child.on('close', (code, signal) =>
      end(code === 0 ? undefined : signal ? `ended by ${signal}` : `exit code ${code}`, code ?? undefined),
    )
    // A command may end without reading its input.
    child.stdin?.on('error', () => {})
    child.stdin?.end(input)
  })
}

function collect(child: ChildProcess, output: CommandOutput, overflow: () => void): void {
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (chunk: string) => {
      output[stream] += chunk
      if (output[stream].length > MAX_OUTPUT_BYTES) overflow()
    })
  }
}

function killGroup(child: ChildProcess): void {
  // A process that left the group may still hold the pipes; without this, 'close' would wait for it.
  child.stdout?.destroy()
  child.stderr?.destroy()
  try {
    if (child.pid) process.kill(-child.pid, 'SIGKILL')
  } catch {
    // The whole group is gone already.
  }
}
