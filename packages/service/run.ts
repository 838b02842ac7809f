// The process around a service: options in, signals out. Each main.ts is one call of this.
import type { Logger } from 'pino'
import { createLogger } from './log.ts'
import { ConfigurationError, configure, type Options, type OptionValues, optionHelp } from './options.ts'

export interface Program<Spec extends Options, Config> {
  /** `provider`: the word on the command line and in the variables' names. */
  readonly name: string
  /** One or two sentences for --help. */
  readonly about: string
  readonly options: Spec
  /** Throws a ConfigurationError for combinations that make no sense. */
  toConfig(values: OptionValues<Spec>): Config
  /** Starts everything and answers when it serves. What it answers is disposed when a signal comes. */
  start(config: Config, logger: Logger): Promise<AsyncDisposable>
}

const shutdownTimeoutMs = 10_000

/** Runs until SIGINT or SIGTERM. Exit code 0: stopped in order; 1: failed; 2: wrong options. */
export async function run<const Spec extends Options, Config>(program: Program<Spec, Config>): Promise<void> {
  const argv = process.argv.slice(2)
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(
      `${program.about}\n\nUsage: patchbay ${program.name} serve [options]\n\n${optionHelp(program.name, program.options)}\n`,
    )
    return
  }
  const logger = createLogger(program.name)
  const stopped = signalled()
  try {
    const config = configure(program.name, program.options, program.toConfig, argv, process.env)
    const service = await program.start(config, logger)
    logger.info('ready')
    logger.flush()
    logger.info({ signal: await stopped }, 'stopping')
    setTimeout(() => process.exit(1), shutdownTimeoutMs).unref()
    await service[Symbol.asyncDispose]()
  } catch (error) {
    fail(program.name, error)
  }
}

function signalled(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal))
  })
}

function fail(name: string, error: unknown): never {
  if (error instanceof ConfigurationError) {
    process.stderr.write(`patchbay ${name}: wrong options:\n${error.message}\nTry: patchbay ${name} serve --help\n`)
    process.exit(2)
  }
  process.stderr.write(`patchbay ${name}: ${error instanceof Error ? explain(error) : String(error)}\n`)
  process.exit(1)
}

function explain(error: Error): string {
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number }
  if (code === 'EADDRINUSE')
    return `${address}:${port} is in use by another process. Stop it, or choose another address.`
  if (code === 'EACCES') return `${error.message}. Run it as a user who may do that.`
  return error.stack ?? error.message
}
